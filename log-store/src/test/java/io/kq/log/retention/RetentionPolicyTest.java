package io.kq.log.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

    private static final long NO_BOUND = Long.MAX_VALUE;
    private static final long NOW = 1_000_000;

    /** Ten offsets and 100 bytes each; newest timestamps as given, oldest segment first. */
    private static List<SegmentFacts> segments(long... newest) {
        List<SegmentFacts> segments = new ArrayList<>();
        for (int i = 0; i < newest.length; i++) {
            long timestamp = newest[i];
            segments.add(new SegmentFacts(10L * (i + 1), 100, () -> timestamp));
        }
        return segments;
    }

    @Test
    void aSegmentGoesWhenItsNewestRecordIsTooOld() {
        RetentionPolicy policy = new RetentionPolicy(1000, -1);
        List<SegmentFacts> segments = segments(NOW - 1002, NOW - 1001, NOW - 1000, NOW - 5000, NOW);
        assertThat(policy.countToDelete(segments, 0, NO_BOUND, NOW)).isEqualTo(2);
    }

    @Test
    void theOldestGoWhileTheOthersHaveEnoughBytes() {
        List<SegmentFacts> segments = segments(NOW, NOW, NOW, NOW);
        assertThat(new RetentionPolicy(-1, 250).countToDelete(segments, 0, NO_BOUND, NOW))
                .isEqualTo(1);
        assertThat(new RetentionPolicy(-1, 200).countToDelete(segments, 0, NO_BOUND, NOW))
                .isEqualTo(2);
        assertThat(new RetentionPolicy(-1, 0).countToDelete(segments, 0, NO_BOUND, NOW))
                .as("the active one stays, whatever the size")
                .isEqualTo(3);
    }

    @Test
    void theActiveSegmentGoesOnlyIfAllOfItIsTooOld() {
        RetentionPolicy policy = new RetentionPolicy(1000, -1);
        assertThat(policy.countToDelete(segments(1, 2), 0, NO_BOUND, NOW)).isEqualTo(2);
        List<SegmentFacts> emptied = List.of(new SegmentFacts(10, 0, () -> 1));
        assertThat(policy.countToDelete(emptied, 10, NO_BOUND, NOW)).isZero();
    }

    @Test
    void nothingAboveTheBoundGoes() {
        RetentionPolicy policy = new RetentionPolicy(1000, 0);
        assertThat(policy.countToDelete(segments(1, 2, 3), 0, 29, NOW)).isEqualTo(2);
        assertThat(policy.countToDelete(segments(1, 2, 3), 0, 9, NOW)).isZero();
    }

    @Test
    void sealedSegmentsBelowTheLogStartGoInAnyCase() {
        assertThat(
                        RetentionPolicy.keepAll()
                                .countToDelete(segments(NOW, NOW, NOW), 25, NO_BOUND, NOW))
                .isEqualTo(2);
        assertThat(RetentionPolicy.keepAll().countToDelete(segments(NOW, NOW), 20, NO_BOUND, NOW))
                .isEqualTo(1);
    }
}
