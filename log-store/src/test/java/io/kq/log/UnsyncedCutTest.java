package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cut that was made, and whose fsync failed or never came before its process ended. */
class UnsyncedCutTest {

    /** Of the partition's directory and its parent, of the checkpoint and its directory. */
    private static final int FORCES_BEFORE_THAT_OF_THE_CUT = 4;

    @TempDir Path temp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesNotComeBackWithThePowerOnceARestartSaidWhereTheLogEnds(long seed) throws IOException {
        Path first = Files.createDirectories(temp.resolve("life1"));
        CrashDisk.refuseAnIndex(first);
        RandomSource random = RandomSource.seeded(seed);
        CrashDisk disk = new CrashDisk(first, temp.resolve("life2"), random, CrashDisk.Canary.NONE);
        try (TestStore test = new TestStore(first, disk)) {
            PartitionLog log = test.open();
            for (String value : new String[] {"a", "b", "c"}) {
                log.append(Batches.of(value), 1, NOW);
            }
            log.flush();
            test.runBackground();
            disk.forcesUntilFault = FORCES_BEFORE_THAT_OF_THE_CUT + 1;
            assertThatThrownBy(() -> log.truncateTo(1)).isInstanceOf(RejectedException.class);
            assertThat(disk.faulted()).isTrue();
            disk.killProcess();
        }
        disk = disk.afterRestart(temp.resolve("life3"));
        try (TestStore test = new TestStore(temp.resolve("life2"), disk)) {
            assertThat(test.open().logEndOffset()).isEqualTo(1);
            disk.cutPower();
        }
        try (TestStore test = new TestStore(temp.resolve("life3"))) {
            assertThat(test.open().logEndOffset()).isEqualTo(1);
        }
    }
}
