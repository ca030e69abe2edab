package io.kq.cli.files;

import com.google.gson.stream.JsonReader;
import io.kq.cli.files.ListFile.Form;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Kafka's {@code --topics-to-move-json-file}: {@code topics}, an array of objects {@code topic}.
 */
public final class TopicFile {

    private static final Form FORM =
            new Form("topics", "topic", "{\"topics\":[{\"topic\":\"first_topic\"}],\"version\":1}");

    private TopicFile() {}

    /**
     * Reads the file.
     *
     * @throws io.kq.cli.shell.CommandFailure it cannot be read, or is not such a file
     */
    public static List<String> read(Path file) {
        SortedSet<String> topics = new TreeSet<>();
        ListFile.read(file, FORM, (reading, json) -> topics.add(topic(reading, json)));
        return List.copyOf(topics);
    }

    private static String topic(ListFile file, JsonReader json) throws IOException {
        String topic = null;
        while (json.hasNext()) {
            String field = json.nextName();
            if (!field.equals("topic")) {
                throw file.unknown(field);
            }
            topic = json.nextString();
        }
        return file.require(topic, "topic");
    }
}
