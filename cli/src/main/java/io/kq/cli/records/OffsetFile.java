package io.kq.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.io.FileProblem;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file of Kafka's {@code kafka-delete-records}: an object with {@code partitions}, an array of
 * objects {@code topic}, {@code partition}, {@code offset}, and {@code version} 1. Everything in it
 * is understood or the file is refused, naming the line: a misspelt field must not delete more than
 * was meant.
 */
final class OffsetFile {

    /** What the file looks like, for whoever has to write one. */
    static final String EXAMPLE =
            "{\"partitions\":[{\"topic\":\"first_topic\",\"partition\":0,\"offset\":3}],"
                    + "\"version\":1}";

    /** gson's reader tells the line it is at in no other way than as text. */
    private static final Pattern LINE = Pattern.compile(" at line (\\d+) column");

    private final Path file;
    private final JsonReader json;
    private final Map<TopicPartition, Long> offsets = new TreeMap<>();

    private OffsetFile(Path file, JsonReader json) {
        this.file = file;
        this.json = json;
    }

    /**
     * Reads the file.
     *
     * @return by partition the offset before which all is to go; -1: the high watermark
     * @throws CommandFailure it cannot be read, or is not such a file
     */
    static Map<TopicPartition, Long> read(Path file) {
        try (Reader text = Files.newBufferedReader(file, UTF_8);
                JsonReader json = new JsonReader(text)) {
            json.setStrictness(Strictness.STRICT);
            OffsetFile reading = new OffsetFile(file, json);
            reading.readAll();
            return reading.offsets;
        } catch (IOException e) {
            throw CommandFailure.local("FILE_NOT_READABLE", "cannot read " + file, e)
                    .withDetail(FileProblem.of(e))
                    .withExitCode(ExitCode.USAGE)
                    .next("check the path");
        }
    }

    private void readAll() throws IOException {
        try {
            readDocument();
        } catch (MalformedJsonException
                | EOFException
                | IllegalStateException
                | NumberFormatException e) {
            throw refused("it is no JSON of this form");
        }
        if (offsets.isEmpty()) {
            throw refused("it names no partition");
        }
    }

    private void readDocument() throws IOException {
        boolean named = false;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "version" -> {
                    if (json.nextLong() != 1) {
                        throw refused("its version is not 1");
                    }
                }
                case "partitions" -> {
                    named = true;
                    json.beginArray();
                    while (json.hasNext()) {
                        readPartition();
                    }
                    json.endArray();
                }
                default -> throw refused("\"" + field + "\" is no field of it");
            }
        }
        json.endObject();
        if (!named) {
            throw refused("\"partitions\" is missing");
        }
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw refused("something follows its JSON object");
        }
    }

    private void readPartition() throws IOException {
        String topic = null;
        Integer partition = null;
        Long offset = null;
        json.beginObject();
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "topic" -> topic = json.nextString();
                case "partition" -> partition = json.nextInt();
                case "offset" -> offset = json.nextLong();
                default -> throw refused("\"" + field + "\" is no field of a partition");
            }
        }
        String name = require(topic, "topic");
        int index = require(partition, "partition");
        long before = require(offset, "offset");
        if (index < 0) {
            throw refused("the partition " + index + " is below 0");
        }
        if (before < -1) {
            throw refused("the offset " + before + " is neither an offset nor -1");
        }
        json.endObject();
        TopicPartition key = new TopicPartition(name, index);
        if (offsets.putIfAbsent(key, before) != null) {
            throw refused(key + " is in it twice");
        }
    }

    private <T> T require(@Nullable T value, String field) {
        if (value == null) {
            throw refused("a partition without \"" + field + "\"");
        }
        return value;
    }

    private CommandFailure refused(String problem) {
        Matcher line = LINE.matcher(json.toString());
        String place = line.find() ? " line " + line.group(1) : "";
        return CommandFailure.local("UNREADABLE_FILE", file + place + ": " + problem, null)
                .withExitCode(ExitCode.USAGE)
                .next("write it like this: " + EXAMPLE);
    }
}
