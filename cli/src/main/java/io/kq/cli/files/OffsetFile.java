package io.kq.cli.files;

import com.google.gson.stream.JsonReader;
import io.kq.cli.files.ListFile.Form;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file of Kafka's {@code kafka-delete-records}: {@code partitions}, an array of objects {@code
 * topic}, {@code partition}, {@code offset}.
 */
public final class OffsetFile {

    private static final Form FORM =
            new Form(
                    "partitions",
                    "partition",
                    "{\"partitions\":[{\"topic\":\"first_topic\",\"partition\":0,\"offset\":3}],"
                            + "\"version\":1}");

    private OffsetFile() {}

    /**
     * Reads the file.
     *
     * @return by partition the offset before which all is to go; -1: the high watermark
     * @throws io.kq.cli.shell.CommandFailure it cannot be read, or is not such a file
     */
    public static Map<TopicPartition, Long> read(Path file) {
        Map<TopicPartition, Long> offsets = new TreeMap<>();
        ListFile.read(file, FORM, (reading, json) -> readPartition(reading, json, offsets));
        return offsets;
    }

    private static void readPartition(
            ListFile file, JsonReader json, Map<TopicPartition, Long> offsets) throws IOException {
        String topic = null;
        Integer partition = null;
        Long offset = null;
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "topic" -> topic = json.nextString();
                case "partition" -> partition = json.nextInt();
                case "offset" -> offset = json.nextLong();
                default -> throw file.unknown(field);
            }
        }
        TopicPartition key =
                new TopicPartition(file.require(topic, "topic"), file.partition(partition));
        long before = file.require(offset, "offset");
        if (before < -1) {
            throw file.refused("the offset " + before + " is neither an offset nor -1");
        }
        if (offsets.putIfAbsent(key, before) != null) {
            throw file.refused(key + " is in it twice");
        }
    }
}
