package io.kq.system.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.runtime.ManualClock;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import io.kq.system.history.Event.Mark;
import io.kq.system.history.HistoryWriter;
import io.kq.system.history.WrittenValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Writes a history by hand: one partition unless said, min ISR 2 of three replicas, a millisecond
 * between lines.
 */
final class HandMadeHistory {

    private final Path directory;
    private final List<LongFunction<Event>> events = new ArrayList<>();
    private final Map<Integer, Duration> pauses = new TreeMap<>();
    private final Map<Integer, List<String>> dumps = new LinkedHashMap<>();
    private long questions = 1000;

    HandMadeHistory(Path directory) {
        this.directory = directory;
        event(t -> new Event.Started(t, "faults", 1, 3, 2));
    }

    static long v(int writer, long number) {
        return WrittenValue.of(writer, number);
    }

    private HandMadeHistory event(LongFunction<Event> event) {
        events.add(event);
        return this;
    }

    /** Lets time pass before the next line. */
    HandMadeHistory pause(Duration pause) {
        pauses.put(events.size(), pause);
        return this;
    }

    HandMadeHistory sent(long value) {
        return sent(value, Acks.ALL);
    }

    HandMadeHistory sent(long value, Acks acks) {
        return event(t -> new Event.Sent(t, value, 0, acks));
    }

    HandMadeHistory acked(long value, long offset) {
        return event(t -> new Event.Acked(t, value, 0, offset));
    }

    /** Sent and acknowledged at once. */
    HandMadeHistory written(long value, long offset) {
        return sent(value).acked(value, offset);
    }

    HandMadeHistory failed(long value, boolean definite, String code) {
        return event(t -> new Event.Failed(t, value, 0, definite, code));
    }

    HandMadeHistory positioned(String reader, long offset) {
        return event(t -> new Event.Positioned(t, reader, 0, offset));
    }

    HandMadeHistory polled(String reader, long position, long first, long... values) {
        return polledUnder(-1, reader, position, first, values);
    }

    HandMadeHistory polledUnder(
            long highWatermark, String reader, long position, long first, long... values) {
        return event(t -> new Event.Polled(t, reader, 0, position, highWatermark, first, values));
    }

    HandMadeHistory asked(long question) {
        return event(t -> new Event.Asked(t, question));
    }

    HandMadeHistory offset(long question, Bound bound, int epoch, long offset) {
        return event(t -> new Event.OffsetTold(t, question, 0, bound, epoch, offset));
    }

    /** Asked and answered at once. */
    HandMadeHistory highWatermark(int epoch, long offset) {
        long question = questions++;
        return asked(question).offset(question, Bound.HIGH_WATERMARK, epoch, offset);
    }

    HandMadeHistory logStart(int epoch, long offset) {
        long question = questions++;
        return asked(question).offset(question, Bound.LOG_START, epoch, offset);
    }

    HandMadeHistory state(int leader, int epoch, int version, Integer... isr) {
        long question = questions++;
        return asked(question)
                .event(
                        t ->
                                new Event.StateTold(
                                        t, question, 0, leader, epoch, version, List.of(isr)));
    }

    HandMadeHistory admin(String operation, String name, String code) {
        long question = questions++;
        return asked(question)
                .event(t -> new Event.AdminTold(t, question, operation, name, code, true));
    }

    HandMadeHistory mark(Mark mark, String text, Integer... led) {
        return event(t -> new Event.Marked(t, mark, text, List.of(led)));
    }

    /** The last reading finds these values from offset 0 on, and that is the high watermark. */
    HandMadeHistory finish(long... values) {
        mark(Mark.FINAL, "");
        highWatermark(Integer.MAX_VALUE, values.length);
        positioned("final", 0);
        return values.length == 0 ? this : polled("final", 0, 0, values);
    }

    /** Begins what a node has on its disk. */
    HandMadeHistory dump(int node) {
        lines(node)
                .add(
                        "{\"kind\":\"partition\",\"topic\":\"faults\",\"partition\":0,\"logStartOffset\":0}");
        return this;
    }

    /** One batch of one record. */
    HandMadeHistory batch(int node, long offset, int epoch, int sequence, long value) {
        return batchOf(node, offset, epoch, 7, 0, sequence, value);
    }

    HandMadeHistory batchOf(
            int node,
            long offset,
            int epoch,
            long producer,
            int producerEpoch,
            int sequence,
            long value) {
        List<String> lines = lines(node);
        lines.add(
                ("{\"kind\":\"batch\",\"position\":0,\"baseOffset\":%d,\"lastOffset\":%d,"
                                + "\"leaderEpoch\":%d,\"codec\":\"none\",\"producerId\":%d,"
                                + "\"producerEpoch\":%d,\"baseSequence\":%d,\"control\":false,"
                                + "\"crcMatches\":true}")
                        .formatted(offset, offset, epoch, producer, producerEpoch, sequence));
        lines.add(
                "{\"kind\":\"record\",\"offset\":%d,\"key\":null,\"value\":\"%s\",\"headers\":[]}"
                        .formatted(offset, new String(WrittenValue.bytes(value, 0, 30), UTF_8)));
        return this;
    }

    private List<String> lines(int node) {
        return dumps.computeIfAbsent(node, n -> new ArrayList<>());
    }

    HandMadeHistory dumpLine(int node, String line) {
        lines(node).add(line);
        return this;
    }

    /** Writes it all and has it checked; a run counts from one acknowledged write on. */
    Verdict check() {
        return check(1);
    }

    Verdict check(long ackedMin) {
        try {
            Path file = directory.resolve("history.jsonl");
            ManualClock clock = new ManualClock();
            try (HistoryWriter writer = new HistoryWriter(file, clock)) {
                for (int i = 0; i < events.size(); i++) {
                    clock.advance(pauses.getOrDefault(i, Duration.ofMillis(1)));
                    writer.write(events.get(i));
                }
            }
            Map<Integer, Path> files = new TreeMap<>();
            for (Map.Entry<Integer, List<String>> dump : dumps.entrySet()) {
                Path path = directory.resolve("node-" + dump.getKey() + ".jsonl");
                Files.write(path, dump.getValue(), UTF_8);
                files.put(dump.getKey(), path);
            }
            return HistoryCheck.check(file, files, ackedMin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
