package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.io.StorageFaultException;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One random history of a log over several lives, each of which ends in a power cut at some change
 * of a file (while it is opened, too), a kill, or a stop in good order; and what each restart
 * finds, against the model.
 */
final class CrashRun {

    private static final int LIVES = 4;
    private static final int STEPS = 40;

    /** Opening RocksDB costs more than all the rest: one run in so many has an index that works. */
    private static final int RUNS_PER_INDEX = 25;

    private final RandomSource random;
    private final Path temp;
    private final CrashModel model = new CrashModel();
    private final CrashReads reads;
    private CrashDisk disk;
    private Path directory;
    private boolean stoppedCleanly;

    CrashRun(long seed, Path temp, CrashDisk.Canary canary) {
        this.random = RandomSource.seeded(seed);
        this.temp = temp;
        this.reads = new CrashReads(random, model);
        this.directory = temp.resolve("life0");
        this.disk = new CrashDisk(directory, temp.resolve("life1"), random, canary);
    }

    void run() throws IOException {
        Files.createDirectories(directory);
        if (random.nextInt(RUNS_PER_INDEX) != 0) {
            CrashDisk.refuseAnIndex(directory);
        }
        for (int life = 1; life <= LIVES; life++) {
            live();
            TornTailTest.erase(directory);
            directory = temp.resolve("life" + life);
            disk = disk.afterRestart(temp.resolve("life" + (life + 1)));
            model.nextEpoch();
        }
        try (TestStore test = new TestStore(directory, disk)) {
            verify(test.open());
        }
    }

    private void live() throws IOException {
        armPowerCut();
        try (TestStore test = new TestStore(directory, disk)) {
            PartitionLog log = opened(test);
            if (log != null) {
                armFaults();
                CrashOperations operations = new CrashOperations(random, model, reads, disk);
                for (int step = 0; step < STEPS && !disk.off(); step++) {
                    step(operations, test, log);
                }
                model.promised(log.durableEndOffset());
                end();
            }
        } catch (RejectedException refused) {
            requireOff(refused);
        }
        stoppedCleanly = !disk.off() && !disk.faulted();
        if (stoppedCleanly) {
            model.allOnDisk();
        }
        if (!disk.off()) {
            disk.cutPower();
        }
    }

    /** Often while the log is opened, or never. */
    private void armPowerCut() {
        switch (random.nextInt(4)) {
            case 0 -> disk.changesLeft = 1 + random.nextInt(12);
            case 1, 2 -> disk.changesLeft = 1 + random.nextInt(200);
            default -> {}
        }
    }

    /** Null if the power went while it was opened. */
    private @Nullable PartitionLog opened(TestStore test) {
        PartitionLog log;
        try {
            log = test.open();
        } catch (RejectedException | StorageFaultException refused) {
            requireOff(refused);
            return null;
        }
        verify(log);
        return log;
    }

    private void requireOff(RuntimeException refused) {
        if (!disk.off()) {
            throw refused;
        }
    }

    private void armFaults() {
        switch (random.nextInt(8)) {
            case 0 -> disk.forcesUntilFault = 1 + random.nextInt(6);
            case 1 -> disk.writesUntilFault = 1 + random.nextInt(20);
            case 2 -> {
                disk.writesUntilFault = 1 + random.nextInt(20);
                disk.writeError = FailingLogFiles.BROKEN;
            }
            default -> {}
        }
    }

    /** Ends a life that has power: dies with the cache lost or kept, or stops as it should. */
    private void end() throws IOException {
        int choice = disk.off() ? 2 : random.nextInt(3);
        if (choice == 0) {
            disk.cutPower();
        } else if (choice == 1) {
            disk.killProcess();
        }
    }

    private void step(CrashOperations operations, TestStore test, PartitionLog log) {
        try {
            operations.runAny(test, log);
            model.promised(log.durableEndOffset());
        } catch (RejectedException refused) {
            if (!disk.off() && test.faults.isEmpty()) {
                throw refused;
            }
        }
    }

    private void verify(PartitionLog log) {
        reads.afterRestart(log);
        if (stoppedCleanly) {
            assertThat(log.recovery().clean()).isTrue();
        }
    }
}
