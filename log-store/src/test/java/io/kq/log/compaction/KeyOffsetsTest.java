package io.kq.log.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.runtime.RandomSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyOffsetsTest {

    private final KeyDigest digest = new KeyDigest();

    private KeyDigest key(String key) {
        digest.of(key.getBytes(UTF_8));
        return digest;
    }

    @Test
    void knowsTheLastOffsetOfEachKeyLikeAMap() {
        long seed = 7;
        RandomSource random = RandomSource.seeded(seed);
        KeyOffsets keys = new KeyOffsets(500);
        Map<String, Long> model = new HashMap<>();
        for (long offset = 0; offset < 3000; offset++) {
            String name = "k" + random.nextInt(500);
            keys.put(key(name), offset);
            model.put(name, offset);
        }
        assertThat(keys.size()).isEqualTo(model.size());
        for (int i = 0; i < 700; i++) {
            String name = "k" + i;
            assertThat(keys.lastOffset(key(name)))
                    .as("seed %d key %s", seed, name)
                    .isEqualTo(model.getOrDefault(name, -1L));
        }
    }

    @Test
    void emptyKeyIsAKey() {
        KeyOffsets keys = new KeyOffsets(2);
        keys.put(key(""), 4);
        assertThat(keys.lastOffset(key(""))).isEqualTo(4);
        assertThat(keys.lastOffset(key("a"))).isEqualTo(-1);
    }

    @Test
    void takesAsManyKeysAsItWasMadeForAndNoMore() {
        KeyOffsets keys = new KeyOffsets(3);
        assertThat(keys.hasRoomFor(3)).isTrue();
        assertThat(keys.hasRoomFor(4)).isFalse();
        keys.put(key("a"), 1);
        keys.put(key("b"), 2);
        keys.put(key("c"), 3);
        keys.put(key("a"), 4);
        assertThat(keys.hasRoomFor(0)).isTrue();
        assertThat(keys.hasRoomFor(1)).isFalse();
        KeyDigest another = key("d");
        assertThatThrownBy(() -> keys.put(another, 5)).isInstanceOf(IllegalStateException.class);
        assertThat(keys.lastOffset(key("a"))).isEqualTo(4);
    }

    @Test
    void itsMemoryIsWhatItWasGiven() {
        int capacity = KeyOffsets.capacityOf(1 << 20);
        assertThat(capacity).isEqualTo(29_126);
        assertThat((capacity + capacity / 2 + 1L) * KeyOffsets.SLOT_BYTES)
                .isLessThanOrEqualTo(1 << 20);
        assertThat(KeyOffsets.capacityOf(0)).isEqualTo(1);
        assertThat(KeyOffsets.capacityOf(Long.MAX_VALUE)).isPositive();
    }

    @Test
    void digestIsTheFirstHalfOfSha256() {
        KeyDigest empty = key("");
        assertThat(empty.high()).isEqualTo(0xe3b0c44298fc1c14L);
        assertThat(empty.low()).isEqualTo(0x9afbf4c8996fb924L);
    }
}
