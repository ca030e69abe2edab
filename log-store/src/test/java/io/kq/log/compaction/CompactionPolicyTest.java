package io.kq.log.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactionPolicyTest {

    private static final long NOW = 1_790_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    private static CompactionPolicy ratio(double minDirtyRatio) {
        return new CompactionPolicy(minDirtyRatio, 0, NEVER, 0, 1000);
    }

    private static long notAsked() {
        throw new AssertionError("nothing depends on it");
    }

    /** Segments of ten offsets each. */
    private static List<CompactableSegment> sizes(long... sizes) {
        List<CompactableSegment> segments = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            segments.add(
                    new CompactableSegment(
                            10L * i,
                            10L * (i + 1),
                            sizes[i],
                            CompactionPolicyTest::notAsked,
                            CompactionPolicyTest::notAsked));
        }
        return segments;
    }

    /** The same, each with one record, of that age. */
    private static List<CompactableSegment> ages(long... agesMillis) {
        List<CompactableSegment> segments = new ArrayList<>();
        for (int i = 0; i < agesMillis.length; i++) {
            long timestamp = NOW - agesMillis[i];
            segments.add(
                    new CompactableSegment(
                            10L * i, 10L * (i + 1), 100, () -> timestamp, () -> timestamp));
        }
        return segments;
    }

    @Test
    void everythingIsDirtyThatWasNeverCompacted() {
        assertThat(ratio(0.5).dirtyRange(sizes(100, 200), 0, NEVER, NOW))
                .contains(new DirtyRange(0, 20, 0, 300));
    }

    @Test
    void logThatBeginsLaterIsDirtyFromThereOn() {
        assertThat(ratio(0.5).dirtyRange(sizes(1, 100, 200).subList(1, 3), 0, NEVER, NOW))
                .contains(new DirtyRange(10, 30, 0, 300));
    }

    @Test
    void waitsUntilMoreThanTheRatioIsDirty() {
        assertThat(ratio(0.5).dirtyRange(sizes(100, 100), 10, NEVER, NOW)).isEmpty();
        assertThat(ratio(0.5).dirtyRange(sizes(100, 101), 10, NEVER, NOW))
                .contains(new DirtyRange(10, 20, 100, 101));
        assertThat(ratio(0).dirtyRange(sizes(10_000, 1), 10, NEVER, NOW)).isPresent();
        assertThat(ratio(1).dirtyRange(sizes(10, 10), 0, NEVER, NOW)).isEmpty();
    }

    @Test
    void nothingIsLeftToDoOnceAllIsCompacted() {
        assertThat(ratio(0).dirtyRange(sizes(100, 100), 20, NEVER, NOW)).isEmpty();
        assertThat(ratio(0).dirtyRange(List.of(), 0, NEVER, NOW)).isEmpty();
    }

    @Test
    void goesOnInsideTheSegmentWhereThePassBeforeEnded() {
        assertThat(ratio(0).dirtyRange(sizes(100, 100, 100), 14, NEVER, NOW))
                .contains(new DirtyRange(14, 30, 100, 200));
    }

    @Test
    void leavesAloneWhatEndsAboveTheBound() {
        assertThat(ratio(0).dirtyRange(sizes(100, 100, 100), 0, 29, NOW))
                .contains(new DirtyRange(0, 20, 0, 200));
        assertThat(ratio(0).dirtyRange(sizes(100), 0, 9, NOW)).isEmpty();
    }

    @Test
    void leavesAloneAYoungSegmentAndAllBehindIt() {
        CompactionPolicy policy = new CompactionPolicy(0, 1000, NEVER, 0, 1000);
        assertThat(policy.dirtyRange(ages(5000, 1000, 999, 5000), 0, NEVER, NOW))
                .contains(new DirtyRange(0, 20, 0, 200));
    }

    @Test
    void oldDirtyRecordOverrulesTheRatio() {
        CompactionPolicy policy = new CompactionPolicy(0.9, 0, 1000, 0, 1000);
        assertThat(policy.dirtyRange(ages(9000, 1000), 10, NEVER, NOW)).isEmpty();
        assertThat(policy.dirtyRange(ages(9000, 1001), 10, NEVER, NOW))
                .contains(new DirtyRange(10, 20, 100, 100));
    }

    @Test
    void recordsWithoutTimestampAreNeverOverdue() {
        CompactionPolicy policy = new CompactionPolicy(0.9, 0, 1000, 0, 1000);
        assertThat(policy.dirtyRange(ages(0, NOW + 1), 10, NEVER, NOW)).isEmpty();
    }

    @Test
    void neighboursBecomeOneSegmentUpToItsSize() {
        assertThat(ratio(0).groups(List.of(400L, 600L, 1L, 2000L, 999L, 1L, 1L)))
                .containsExactly(2, 1, 1, 2, 1);
        assertThat(ratio(0).groups(List.of())).isEmpty();
    }
}
