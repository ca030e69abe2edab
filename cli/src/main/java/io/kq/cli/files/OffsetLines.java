package io.kq.cli.files;

import io.kq.cli.shell.CommandFailure;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Kafka's file of offsets, as {@code kafka-consumer-groups --export} writes it: lines of {@code
 * topic,partition,offset}, or with the group before.
 *
 * @param offsets by partition
 */
public record OffsetLines(SortedMap<TopicPartition, Long> offsets) {

    /** One line. */
    public static String line(TopicPartition partition, long offset) {
        return "\"" + partition.topic() + "\"," + partition.partition() + "," + offset;
    }

    /**
     * Reads a file.
     *
     * @param group lines of other groups are refused
     * @throws CommandFailure it cannot be read, or a line is not such a line
     */
    public static OffsetLines read(Path file, String group) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.local("FILE_NOT_FOUND", "there is no file " + file, e)
                    .next("kq groups --reset-offsets ... --export prints such lines");
        } catch (MalformedInputException e) {
            throw CommandFailure.local("FILE_UNREADABLE", file + " is no text in UTF-8", e);
        } catch (IOException e) {
            throw CommandFailure.local(
                    "FILE_UNREADABLE", "cannot read " + file + ": " + e.getMessage(), e);
        }
        SortedMap<TopicPartition, Long> offsets = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                add(offsets, file, i + 1, lines.get(i), group);
            }
        }
        if (offsets.isEmpty()) {
            throw CommandFailure.local("FILE_EMPTY", file + " has no lines", null);
        }
        return new OffsetLines(offsets);
    }

    private static void add(
            SortedMap<TopicPartition, Long> offsets,
            Path file,
            int number,
            String line,
            String group) {
        String[] cells = line.replace("\"", "").split(",", -1);
        int first = cells.length == 4 ? 1 : 0;
        try {
            if (cells.length - first == 3 && (first == 0 || cells[0].strip().equals(group))) {
                TopicPartition partition =
                        new TopicPartition(
                                cells[first].strip(), Integer.parseInt(cells[first + 1].strip()));
                long offset = Long.parseLong(cells[first + 2].strip());
                if (offset >= 0 && offsets.putIfAbsent(partition, offset) == null) {
                    return;
                }
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw CommandFailure.local(
                        "LINE_UNREADABLE",
                        file
                                + " line "
                                + number
                                + ": '"
                                + line
                                + "' is not topic,partition,offset, each partition once",
                        null)
                .next("kq groups --reset-offsets ... --export prints such lines");
    }
}
