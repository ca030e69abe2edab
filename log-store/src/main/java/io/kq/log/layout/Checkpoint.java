package io.kq.log.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.log.io.LogFiles;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Log starts and recovery points of all partitions of a directory, in one text file that is
 * replaced whole: a line per partition, and a checksum in the last line. One file, so that a clean
 * stop with thousands of partitions costs one fsync and not thousands.
 */
public record Checkpoint(Map<TopicIdPartition, PartitionCheckpoint> partitions) {

    private static final String HEADER = "kq-log-checkpoint 3";
    private static final int FIELDS = 11;

    /** As it was before {@link PartitionCheckpoint#sealedBytes}: its lines have one field less. */
    private static final String OLDER_HEADER = "kq-log-checkpoint 2";

    public Checkpoint {
        partitions = Map.copyOf(partitions);
    }

    /** Nothing is known. */
    public static Checkpoint empty() {
        return new Checkpoint(Map.of());
    }

    /** Reads the file; empty if it is missing, half written, or of another format. */
    public static Optional<Checkpoint> read(Path file) throws IOException {
        try {
            return parse(Files.readString(file, UTF_8));
        } catch (NoSuchFileException | CharacterCodingException missingOrGarbage) {
            return Optional.empty();
        }
    }

    /** Replaces the file durably. */
    public void write(LogFiles files, Path file) throws IOException {
        files.replace(file, toText().getBytes(UTF_8));
    }

    /** The file's whole text; the same for equal checkpoints. */
    public String toText() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        partitions.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .forEach(entry -> line(text, entry.getKey(), entry.getValue()));
        String crc = crcOf(text);
        return text.append("crc ").append(crc).append('\n').toString();
    }

    private static void line(StringBuilder text, TopicIdPartition name, PartitionCheckpoint at) {
        text.append(name)
                .append(' ')
                .append(at.logStartOffset())
                .append(' ')
                .append(at.recoveryPoint())
                .append(' ')
                .append(at.segmentBaseOffset())
                .append(' ')
                .append(at.positionBytes())
                .append(' ')
                .append(at.lastLeaderEpoch())
                .append(' ')
                .append(at.maxTimestampMillis())
                .append(' ')
                .append(at.segmentStartedMillis())
                .append(' ')
                .append(at.compactedTo())
                .append(' ')
                .append(at.hasProducers())
                .append(' ')
                .append(at.sealedBytes())
                .append('\n');
    }

    private static Optional<Checkpoint> parse(String text) {
        int lastLine = text.lastIndexOf("crc ");
        if (lastLine < 0
                || !(text.startsWith(HEADER + "\n") || text.startsWith(OLDER_HEADER + "\n"))
                || !text.substring(lastLine)
                        .equals("crc " + crcOf(text.substring(0, lastLine)) + "\n")) {
            return Optional.empty();
        }
        boolean older = text.startsWith(OLDER_HEADER);
        Map<TopicIdPartition, PartitionCheckpoint> partitions = new HashMap<>();
        for (String line : text.substring(HEADER.length() + 1, lastLine).split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            String[] field = line.split(" ", -1);
            Optional<TopicIdPartition> partition = StoreLayout.parse(field[0]);
            if (field.length != (older ? FIELDS - 1 : FIELDS) || partition.isEmpty()) {
                return Optional.empty();
            }
            partitions.put(
                    partition.get(),
                    new PartitionCheckpoint(
                            Long.parseLong(field[1]),
                            Long.parseLong(field[2]),
                            Long.parseLong(field[3]),
                            Long.parseLong(field[4]),
                            Integer.parseInt(field[5]),
                            Long.parseLong(field[6]),
                            Long.parseLong(field[7]),
                            Long.parseLong(field[8]),
                            Boolean.parseBoolean(field[9]),
                            older
                                    ? PartitionCheckpoint.SEALED_UNKNOWN
                                    : Long.parseLong(field[10])));
        }
        return Optional.of(new Checkpoint(partitions));
    }

    /** Identifies the content. */
    public String crc() {
        String text = toText();
        return text.substring(text.lastIndexOf("crc ") + 4).strip();
    }

    private static String crcOf(CharSequence text) {
        CRC32C crc = new CRC32C();
        crc.update(text.toString().getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }
}
