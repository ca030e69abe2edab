package io.kq.log;

import static io.kq.log.Batches.NOW;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskHealth;
import io.kq.log.layout.StoreLayout;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several data directories as one store. */
class LogDirectoriesTest {

    private static final UUID TOPIC = UUID.fromString("0b5e8b1a-5c5f-4a6e-9d8e-000000000002");

    @TempDir Path root;

    private final Map<Path, FailingLogFiles> disks = new HashMap<>();
    private Path first;
    private Path second;
    private Path third;

    @BeforeEach
    void name() {
        first = root.resolve("first");
        second = root.resolve("second");
        third = root.resolve("third");
    }

    private LogDirectories open(Map<Path, String> offline) {
        return LogDirectories.open(
                List.of(first, second, third),
                offline,
                path -> {
                    FailingLogFiles disk = new FailingLogFiles();
                    disks.put(path, disk);
                    return new TestStore(path, disk).store;
                });
    }

    private LogDirectories open() {
        return open(Map.of());
    }

    private static TopicIdPartition partition(int number) {
        return new TopicIdPartition(TOPIC, number);
    }

    private static PartitionLog openLog(LogStore store, int number) {
        return store.open(partition(number), "orders", TestStore.SMALL_SEGMENTS);
    }

    private static List<Integer> counts(LogStore store) {
        return store.directories().stream().map(DirectoryReport::partitionCount).toList();
    }

    private static void refused(ErrorCode code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((RejectedException) e).code())
                .isEqualTo(code);
    }

    private static boolean has(Path directory, int number) {
        return Files.isDirectory(new StoreLayout(directory).directoryOf(partition(number)));
    }

    @Test
    void newPartitionsAreSpreadAndFoundAgain() {
        try (LogDirectories store = open()) {
            for (int i = 0; i < 9; i++) {
                openLog(store, i).append(Batches.of("of " + i), 0, NOW);
            }
            assertThat(counts(store)).containsExactly(3, 3, 3);
        }
        try (LogDirectories store = open()) {
            assertThat(store.wasCleanShutdown()).isTrue();
            assertThat(store.partitions()).hasSize(9);
            for (int i = 0; i < 9; i++) {
                assertThat(Batches.values(openLog(store, i), 0)).containsExactly("of " + i);
            }
            assertThat(counts(store)).containsExactly(3, 3, 3);
        }
    }

    @Test
    void deletedPartitionMakesRoomInItsDirectory() {
        try (LogDirectories store = open()) {
            for (int i = 0; i < 3; i++) {
                openLog(store, i);
            }
            store.delete(partition(1));
            assertThat(counts(store)).containsExactly(1, 0, 1);
            openLog(store, 3);
            assertThat(has(second, 3)).isTrue();
        }
    }

    @Test
    void partitionInTwoDirectoriesIsRefusedAndNeitherIsTouched() throws IOException {
        try (LogDirectories store = open()) {
            openLog(store, 0).append(Batches.of("kept"), 0, NOW);
        }
        Path copy = new StoreLayout(third).directoryOf(partition(0));
        TestStore.copy(new StoreLayout(first).directoryOf(partition(0)), copy);
        try (LogDirectories store = open()) {
            refused(
                    ErrorCode.STORAGE_FAULT,
                    "in several data directories: " + first + ", " + third,
                    () -> openLog(store, 0));
            openLog(store, 1);
            assertThat(has(first, 0) && has(third, 0)).isTrue();
        }
        TornTailTest.erase(copy);
        try (LogDirectories store = open()) {
            assertThat(Batches.values(openLog(store, 0), 0)).containsExactly("kept");
        }
    }

    @Test
    void logThatVanishedIsNotBegunAnewInAnotherDirectory() throws IOException {
        try (LogDirectories store = open()) {
            for (int i = 0; i < 3; i++) {
                openLog(store, i).append(Batches.of("of " + i), 0, NOW);
            }
        }
        TornTailTest.erase(new StoreLayout(second).directoryOf(partition(1)));
        for (int start = 0; start < 2; start++) {
            try (LogDirectories store = open()) {
                refused(
                        ErrorCode.STORAGE_FAULT,
                        "expected records 0 to 1",
                        () -> openLog(store, 1));
                assertThat(has(first, 1) || has(third, 1)).isFalse();
            }
        }
        try (LogDirectories store = open()) {
            store.delete(partition(1));
            assertThat(openLog(store, 1).logEndOffset()).isZero();
        }
    }

    @Test
    void bothCopiesGoWithTheirTopic() throws IOException {
        try (LogDirectories store = open()) {
            openLog(store, 0);
        }
        TestStore.copy(
                new StoreLayout(first).directoryOf(partition(0)),
                new StoreLayout(third).directoryOf(partition(0)));
        try (LogDirectories store = open()) {
            store.delete(partition(0));
            assertThat(store.partitions()).isEmpty();
            assertThat(has(first, 0) || has(third, 0)).isFalse();
        }
    }

    @Test
    void directoryThatCannotBeOpenedTakesOnlyItsOwnPartitions() throws IOException {
        try (LogDirectories store = open()) {
            for (int i = 0; i < 3; i++) {
                openLog(store, i).append(Batches.of("of " + i), 0, NOW);
            }
        }
        Path away = root.resolve("away");
        Files.move(second, away);
        Files.writeString(second, "no directory");
        try (LogDirectories store = open()) {
            assertThat(store.wasCleanShutdown()).isFalse();
            assertThat(Batches.values(openLog(store, 0), 0)).containsExactly("of 0");
            assertThat(Batches.values(openLog(store, 2), 0)).containsExactly("of 2");
            refused(
                    ErrorCode.STORAGE_FAULT,
                    "may be in data directory " + second + ", which is offline",
                    () -> openLog(store, 1));
            DirectoryReport lost = store.directories().get(1);
            assertThat(lost.health()).isEqualTo(DiskHealth.OFFLINE);
            assertThat(lost.problem()).contains(second.toString());
        }
        Files.delete(second);
        Files.move(away, second);
        try (LogDirectories store = open()) {
            assertThat(Batches.values(openLog(store, 1), 0)).containsExactly("of 1");
        }
    }

    @Test
    void directoryThatMayNotBeUsedIsNotTouched() {
        try (LogDirectories store = open(Map.of(second, "not readable"))) {
            assertThat(store.directories().get(1).problem()).isEqualTo("not readable");
            assertThat(second).doesNotExist();
            assertThat(store.wasCleanShutdown()).isFalse();
        }
    }

    @Test
    void firstDirectoryMustOpen() throws IOException {
        Files.writeString(first, "no directory");
        refused(ErrorCode.STORAGE_FAULT, first.toString(), this::open);
        Files.delete(first);
        open().close();
    }

    @Test
    void directoryOfAnotherProcessRefusesTheWholeAndLetsTheOthersGo() {
        TestStore other = new TestStore(second);
        refused(ErrorCode.NOT_READY, second.toString(), this::open);
        other.close();
        open().close();
    }

    @Test
    void failedDirectoryTakesOnlyItsOwnPartitionsAndNoNewOnes() {
        try (LogDirectories store = open()) {
            List<PartitionLog> logs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                logs.add(openLog(store, i));
                logs.get(i).append(Batches.of("of " + i), 0, NOW);
            }
            FailingLogFiles failing = requireNonNull(disks.get(second));
            failing.bytesLeft = 5;
            failing.writeError = FailingLogFiles.BROKEN;
            refused(
                    ErrorCode.STORAGE_FAULT,
                    second.toString(),
                    () -> logs.get(1).append(Batches.of("lost"), 0, NOW));
            assertThat(Batches.values(logs.get(1), 0)).containsExactly("of 1");
            logs.get(0).append(Batches.of("more"), 0, NOW);
            logs.get(2).append(Batches.of("more"), 0, NOW);
            for (int i = 3; i < 7; i++) {
                openLog(store, i);
            }
            assertThat(counts(store)).containsExactly(3, 1, 3);
            assertThat(store.directories().get(1).health()).isEqualTo(DiskHealth.FAILED);
            assertThat(store.directories().get(1).problem()).contains(FailingLogFiles.BROKEN);
        }
    }

    @Test
    void newPartitionIsRefusedWhereNoDirectoryTakesWrites() {
        try (LogDirectories store = open()) {
            for (int i = 0; i < 3; i++) {
                disks.values().forEach(disk -> disk.bytesLeft = Long.MAX_VALUE);
                PartitionLog log = openLog(store, i);
                disks.values().forEach(disk -> disk.bytesLeft = 0);
                refused(ErrorCode.DISK_FULL, "is full", () -> log.append(Batches.of("x"), 0, NOW));
            }
            refused(ErrorCode.DISK_FULL, "takes a new partition", () -> openLog(store, 9));
            assertThat(store.partitions()).hasSize(3);
        }
    }
}
