package io.kq.cli.files;

import com.google.gson.stream.JsonReader;
import io.kq.cli.files.ListFile.Form;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The file of Kafka's {@code kafka-leader-election}: {@code partitions}, an array of objects {@code
 * topic}, {@code partition}.
 */
public final class PartitionFile {

    private static final Form FORM =
            new Form(
                    "partitions",
                    "partition",
                    "{\"partitions\":[{\"topic\":\"first_topic\",\"partition\":0}]}");

    private PartitionFile() {}

    /**
     * Reads the file.
     *
     * @throws io.kq.cli.shell.CommandFailure it cannot be read, or is not such a file
     */
    public static List<TopicPartition> read(Path file) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        ListFile.read(file, FORM, (reading, json) -> readPartition(reading, json, partitions));
        return List.copyOf(partitions);
    }

    private static void readPartition(
            ListFile file, JsonReader json, SortedSet<TopicPartition> partitions)
            throws IOException {
        String topic = null;
        Integer partition = null;
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "topic" -> topic = json.nextString();
                case "partition" -> partition = json.nextInt();
                default -> throw file.unknown(field);
            }
        }
        TopicPartition key =
                new TopicPartition(file.require(topic, "topic"), file.partition(partition));
        if (!partitions.add(key)) {
            throw file.refused(key + " is in it twice");
        }
    }
}
