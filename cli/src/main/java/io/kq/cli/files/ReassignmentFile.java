package io.kq.cli.files;

import com.google.gson.stream.JsonReader;
import io.kq.cli.files.ListFile.Form;
import io.kq.cli.shell.JsonText;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file of Kafka's {@code kafka-reassign-partitions}: {@code partitions}, an array of objects
 * {@code topic}, {@code partition}, {@code replicas} and perhaps {@code log_dirs}, which can only
 * say {@code any}.
 */
public final class ReassignmentFile {

    private static final Form FORM =
            new Form(
                    "partitions",
                    "partition",
                    "{\"version\":1,\"partitions\":[{\"topic\":\"first_topic\",\"partition\":0,"
                            + "\"replicas\":[1,2]}]}");

    private ReassignmentFile() {}

    /**
     * Reads the file.
     *
     * @return the replicas that each partition shall have, the preferred leader first
     * @throws io.kq.cli.shell.CommandFailure it cannot be read, or is not such a file
     */
    public static SortedMap<TopicPartition, List<Integer>> read(Path file) {
        SortedMap<TopicPartition, List<Integer>> replicas = new TreeMap<>();
        ListFile.read(file, FORM, (reading, json) -> readPartition(reading, json, replicas));
        return replicas;
    }

    private static void readPartition(
            ListFile file, JsonReader json, SortedMap<TopicPartition, List<Integer>> all)
            throws IOException {
        String topic = null;
        Integer partition = null;
        List<Integer> replicas = null;
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "topic" -> topic = json.nextString();
                case "partition" -> partition = json.nextInt();
                case "replicas" -> replicas = ListFile.numbers(json);
                case "log_dirs" -> readDirectories(file, json);
                default -> throw file.unknown(field);
            }
        }
        TopicPartition key =
                new TopicPartition(file.require(topic, "topic"), file.partition(partition));
        List<Integer> target = file.require(replicas, "replicas");
        if (target.isEmpty() || target.stream().distinct().count() != target.size()) {
            throw file.refused("the replicas of " + key + " are none, or one of them twice");
        }
        if (all.putIfAbsent(key, target) != null) {
            throw file.refused(key + " is in it twice");
        }
    }

    /** A node chooses the directory itself. */
    private static void readDirectories(ListFile file, JsonReader json) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            String directory = json.nextString();
            if (!directory.equals("any")) {
                throw file.refused(
                        "\"log_dirs\" says " + directory + "; a node chooses it: write any");
            }
        }
        json.endArray();
    }

    /** Such a file, in one line. */
    public static String write(Map<TopicPartition, List<Integer>> replicas) {
        JsonText json = new JsonText();
        json.beginObject().name("version").value(1).name("partitions").beginArray();
        replicas.forEach(
                (partition, ids) -> {
                    json.beginObject();
                    json.name("topic").value(partition.topic());
                    json.name("partition").value(partition.partition());
                    json.name("replicas").numbers(ids);
                    json.endObject();
                });
        return json.endArray().endObject().toString();
    }
}
