package io.kq.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private static DirectoryReport directory(DiskHealth health, int partitions, long freeBytes) {
        return new DirectoryReport(Path.of("d"), health, "", partitions, 0, 0, freeBytes, 1000);
    }

    private static DirectoryReport writable(int partitions, long freeBytes) {
        return directory(DiskHealth.WRITABLE, partitions, freeBytes);
    }

    @Test
    void takesTheDirectoryWithTheFewestPartitions() {
        assertThat(Placement.choose(List.of(writable(3, 9), writable(2, 1), writable(4, 99))))
                .contains(1);
    }

    @Test
    void takesTheEmptierDiskAmongEqualsAndTheFirstAmongThese() {
        assertThat(Placement.choose(List.of(writable(2, 1), writable(2, 7), writable(2, 7))))
                .contains(1);
    }

    @Test
    void takesNoDirectoryThatTakesNoWrites() {
        List<DirectoryReport> broken = new ArrayList<>();
        for (DiskHealth health : DiskHealth.values()) {
            if (health != DiskHealth.WRITABLE) {
                broken.add(directory(health, 0, 100));
            }
        }
        assertThat(Placement.choose(broken)).isEmpty();
        broken.add(writable(1000, 0));
        assertThat(Placement.choose(broken)).contains(broken.size() - 1);
    }

    @Test
    void keepsDirectoriesEvenWhateverTheirSpace() {
        SplittableRandom random = new SplittableRandom(7);
        int[] counts = new int[4];
        for (int i = 0; i < 400; i++) {
            List<DirectoryReport> now = new ArrayList<>();
            for (int count : counts) {
                now.add(writable(count, random.nextLong(1000)));
            }
            counts[Placement.choose(now).orElseThrow()]++;
        }
        assertThat(counts).containsOnly(100);
    }
}
