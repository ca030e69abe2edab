package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {

    private static List<UUID> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> new UUID(0, i)).toList();
    }

    @Test
    void oldOnesAreDueAndYoungOnesAreNot() {
        RequestMemory memory = new RequestMemory(100, 1_000, ids(0, 3), 10);
        memory.add(new UUID(0, 3), 50);
        assertThat(memory.due(109, 10)).isEmpty();
        assertThat(memory.due(110, 10)).isEqualTo(ids(0, 3));
        assertThat(memory.due(110, 10)).isEqualTo(ids(0, 3));
        memory.forgotten(3);
        assertThat(memory.due(110, 10)).isEmpty();
        assertThat(memory.due(150, 10)).isEqualTo(ids(3, 4));
    }

    @Test
    void tooManyMakeTheOldestDueBeforeTheirTime() {
        RequestMemory memory = new RequestMemory(100, 5, ids(0, 8), 0);
        assertThat(memory.due(1, 10)).isEqualTo(ids(0, 3));
    }

    @Test
    void onesAtATimeAreLimited() {
        RequestMemory memory = new RequestMemory(100, 1_000, ids(0, 8), 0);
        assertThat(memory.due(500, 5)).isEqualTo(ids(0, 5));
    }
}
