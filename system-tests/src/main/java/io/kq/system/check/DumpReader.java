package io.kq.system.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.system.check.ledger.ReplicaDump;
import io.kq.system.check.ledger.ReplicaDump.Replica;
import io.kq.system.history.JsonLine;
import io.kq.system.history.WrittenValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads what {@code kq inspect DIRECTORY --topic T --records -o jsonl} prints of one node. */
final class DumpReader {

    private final ReplicaDump dump;
    private int partition = -1;
    private @Nullable Replica replica;

    private DumpReader(int node) {
        dump = new ReplicaDump(node);
    }

    static ReplicaDump read(int node, Path file) throws IOException {
        DumpReader reader = new DumpReader(node);
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                try {
                    reader.take(line);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            file + ":" + number + " is no line of a dump: " + e.getMessage(), e);
                }
            }
        }
        return reader.dump;
    }

    /** What may stand in a line, of whatever kind. */
    private static final class Members {
        private String kind = "";
        private int partition = -1;
        private long logStart;
        private long base = -1;
        private long last = -1;
        private int epoch = -1;
        private long producer = -1;
        private int producerEpoch = -1;
        private int sequence = -1;
        private boolean control;
        private boolean crc = true;
        private boolean tail;
        private long offset = -1;
        private long position;
        private String value = "";
        private String problem = "";

        private void take(JsonLine json) {
            switch (json.name()) {
                case "kind" -> kind = json.string();
                case "partition" -> partition = json.integer();
                case "logStartOffset" -> logStart = json.number();
                case "baseOffset" -> base = json.number();
                case "lastOffset" -> last = json.number();
                case "leaderEpoch" -> epoch = json.integer();
                case "producerId" -> producer = json.number();
                case "producerEpoch" -> producerEpoch = json.integer();
                case "baseSequence" -> sequence = json.integer();
                case "control" -> control = json.bool();
                case "crcMatches" -> crc = json.bool();
                case "inTail" -> tail = json.bool();
                case "offset" -> offset = json.number();
                case "position" -> position = json.number();
                case "problem" -> problem = json.string();
                case "value" -> value = kind.equals("record") ? textOrNull(json) : "";
                default -> json.skip();
            }
        }

        /** A value may be null, which no writer of a history writes. */
        private static String textOrNull(JsonLine json) {
            try {
                return json.string();
            } catch (IllegalArgumentException notText) {
                json.skip();
                return "";
            }
        }
    }

    private void take(String line) {
        Members m = new Members();
        JsonLine json = new JsonLine(line);
        while (json.next()) {
            m.take(json);
        }
        switch (m.kind) {
            case "partition" -> {
                partition = m.partition;
                replica = dump.replica(partition);
                replica.startsAt(m.logStart);
            }
            case "batch" -> batch(m);
            case "record" -> {
                long value = WrittenValue.read(m.value.getBytes(UTF_8), partition);
                current().record(m.offset, value);
            }
            case "defect" -> {
                if (!m.tail) {
                    defect(m, m.problem);
                }
            }
            default -> {}
        }
    }

    private void batch(Members m) {
        if (!m.crc) {
            defect(m, "the CRC of the batch at offset " + m.base + " does not match");
        }
        current()
                .batch(
                        new ReplicaDump.Batch(
                                m.base,
                                m.last,
                                m.epoch,
                                m.producer,
                                m.producerEpoch,
                                m.sequence,
                                m.control));
    }

    private void defect(Members m, String problem) {
        dump.defect("partition " + partition + " position " + m.position + ": " + problem);
    }

    private Replica current() {
        Replica present = replica;
        if (present == null) {
            throw new IllegalArgumentException("a batch or record before any partition");
        }
        return present;
    }
}
