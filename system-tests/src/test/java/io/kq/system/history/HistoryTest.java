package io.kq.system.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.runtime.ManualClock;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import io.kq.system.history.Event.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private static final long VALUE = WrittenValue.of(3, 1L << 40);

    @TempDir Path directory;

    @Test
    void isReadAsItWasWritten() throws IOException {
        List<Event> events =
                List.of(
                        new Event.Started(0, "faults", 6, 3, 2),
                        new Event.Sent(0, VALUE, 5, Acks.LEADER),
                        new Event.Acked(0, VALUE, 5, 1L << 50),
                        new Event.Failed(0, VALUE, 5, true, "NO_LEADER"),
                        new Event.Failed(0, VALUE, 5, false, "UNREACHABLE"),
                        new Event.Positioned(0, "r-1", 2, 17),
                        new Event.Asked(0, 9),
                        new Event.OffsetTold(0, 9, 2, Bound.HIGH_WATERMARK, 4, 12),
                        new Event.OffsetTold(0, 9, 2, Bound.LOG_START, 4, 0),
                        new Event.StateTold(0, 9, 2, -1, 4, 7, List.of(0, 2)),
                        new Event.AdminTold(0, 9, "create", "x", "OK", true),
                        new Event.Marked(0, Mark.FAULT, "a \"quoted\" \\ word\n", List.of(1, 2)));
        List<String> read = new ArrayList<>();
        for (Event event : writtenAndRead(events)) {
            read.add(event.toString());
        }
        assertThat(read).isEqualTo(events.stream().map(Event::toString).toList());
    }

    @Test
    void readsPolledValuesWithTheirOffsets() throws IOException {
        long[] values = {VALUE, WrittenValue.CORRUPT, WrittenValue.of(0, 0)};
        List<Event> read = writtenAndRead(List.of(new Event.Polled(0, "r", 2, 40, 50, 41, values)));
        Event.Polled polled = (Event.Polled) read.get(0);
        assertThat(polled.values()).isEqualTo(values);
        assertThat(polled.position()).isEqualTo(40);
        assertThat(polled.first()).isEqualTo(41);
        assertThat(polled.next()).isEqualTo(44);
        assertThat(polled.highWatermark()).isEqualTo(50);
    }

    private List<Event> writtenAndRead(List<Event> events) throws IOException {
        Path file = directory.resolve("history.jsonl");
        try (HistoryWriter writer = new HistoryWriter(file, new ManualClock())) {
            events.forEach(event -> writer.write(t -> event));
        }
        List<Event> read = new ArrayList<>();
        try (HistoryReader reader = new HistoryReader(file)) {
            for (Event event = reader.next(); event != null; event = reader.next()) {
                read.add(event);
            }
            assertThat(reader.line()).isEqualTo(events.size());
        }
        return read;
    }

    @Test
    void namesTheLineThatCannotBeRead() throws IOException {
        Path file = directory.resolve("history.jsonl");
        Files.writeString(file, "{\"t\":1,\"e\":\"asked\",\"q\":1}\n{\"t\":1,\"e\":\"ask", UTF_8);
        try (HistoryReader reader = new HistoryReader(file)) {
            reader.next();
            assertThatThrownBy(reader::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("history.jsonl:2 is no line of a history");
        }
    }

    @Test
    void passesOverMembersThatItDoesNotKnow() {
        JsonLine line =
                new JsonLine(
                        "{\"a\": {\"b\": [1, {\"c\": \"}\"}], \"d\": null}, \"n\": -5, \"f\":"
                                + " true}");
        assertThat(line.next()).isTrue();
        line.skip();
        assertThat(line.next()).isTrue();
        assertThat(line.name()).isEqualTo("n");
        assertThat(line.number()).isEqualTo(-5);
        assertThat(line.next()).isTrue();
        assertThat(line.bool()).isTrue();
        assertThat(line.next()).isFalse();
    }

    @Test
    void seesEachChangedByteOfAValueAndAWrongPartition() {
        byte[] bytes = WrittenValue.bytes(VALUE, 4, 100);
        assertThat(bytes).hasSize(100);
        assertThat(WrittenValue.read(bytes, 4)).isEqualTo(VALUE);
        assertThat(WrittenValue.read(bytes, 5)).isEqualTo(WrittenValue.CORRUPT);
        assertThat(WrittenValue.read(null, 4)).isEqualTo(WrittenValue.CORRUPT);
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] flipped = bytes.clone();
                flipped[i] ^= (byte) (1 << bit);
                assertThat(WrittenValue.read(flipped, 4))
                        .as("byte %d bit %d", i, bit)
                        .isEqualTo(WrittenValue.CORRUPT);
            }
        }
    }
}
