package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.disk.DiskHealth;
import io.kq.log.disk.DiskReserve;
import io.kq.log.disk.DiskSpace;
import io.kq.log.io.LogFiles;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records stop before the disk is full, so that everything else can still be written. */
class DiskReserveOfLogsTest {

    private static final long TOTAL = 1L << 30;
    private static final long RESERVE = 10L << 20;

    @TempDir Path directory;

    private final FailingLogFiles files = new FailingLogFiles();
    private volatile long free;
    private int looks;

    private TestStore store(LogFiles disk) {
        return new TestStore(
                directory,
                disk,
                DiskReserve.ofBytes(RESERVE),
                at -> {
                    looks++;
                    return new DiskSpace(free, TOTAL);
                });
    }

    private static void refused(PartitionLog log, String value) {
        assertThatThrownBy(() -> log.append(Batches.of(value), 0, NOW))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
                            assertThat(e.definite()).isTrue();
                            assertThat(e).hasMessageContaining("disk.reserve keeps " + RESERVE);
                        });
    }

    @Test
    void appendsEndAtTheReserveAndGoOnByThemselves() {
        free = RESERVE + 200;
        try (TestStore test = store(files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            refused(log, "b".repeat(1000));
            refused(log, "c");
            assertThat(test.health()).isEqualTo(DiskHealth.DISK_FULL);
            assertThat(test.faults).hasSize(1);
            assertThat(Batches.values(log, 0)).containsExactly("a");

            free = RESERVE + (1 << 20);
            test.runBackground();
            assertThat(test.health()).as("too little to go on").isEqualTo(DiskHealth.DISK_FULL);
            free = RESERVE + (8 << 20);
            test.runBackground();
            assertThat(test.health()).isEqualTo(DiskHealth.WRITABLE);
            assertThat(log.append(Batches.of("d"), 0, NOW).baseOffset()).isEqualTo(1);
            assertThat(Batches.values(log, 0)).containsExactly("a", "d");
        }
    }

    @Test
    void atTheReserveTheStopIsStillAGoodOne() {
        free = RESERVE + 200;
        try (TestStore test = store(files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            refused(log, "b".repeat(1000));
            log.flush();
            assertThat(log.durableEndOffset()).isEqualTo(1);
        }
        try (TestStore test = new TestStore(directory)) {
            assertThat(test.store.wasCleanShutdown()).isTrue();
            assertThat(Batches.values(test.open(), 0)).containsExactly("a");
        }
    }

    @Test
    void followersStopAtItToo() {
        free = RESERVE;
        try (TestStore test = store(files)) {
            PartitionLog log = test.open();
            assertThatThrownBy(
                            () -> log.appendAsFollower(Batches.stamped(0, 0, Batches.of("a")), NOW))
                    .isInstanceOfSatisfying(
                            RejectedException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));
        }
    }

    @Test
    void farFromTheReserveTheFileSystemIsSeldomAsked() {
        free = TOTAL;
        try (TestStore test = store(files)) {
            PartitionLog log = test.open();
            for (int i = 0; i < 1000; i++) {
                log.append(Batches.of("value " + i), 0, NOW);
            }
            assertThat(looks).isEqualTo(1);
        }
    }

    @Test
    void aDiskThatOthersFillIsNoticed() {
        free = TOTAL;
        try (TestStore test = store(files)) {
            PartitionLog log = test.open();
            log.append(Batches.of("a"), 0, NOW);
            free = RESERVE;
            int taken = 0;
            while (test.health() == DiskHealth.WRITABLE) {
                try {
                    log.append(Batches.of("x".repeat(90_000)), 0, NOW);
                    taken++;
                } catch (RejectedException full) {
                    assertThat(full.code()).isEqualTo(ErrorCode.DISK_FULL);
                }
            }
            assertThat(taken * 90_000L).isLessThan(5L << 20);
        }
    }
}
