package io.kq.metadata.raft;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailRepairTest {

    private static final int PREALLOCATED = 4096;

    @TempDir Path directory;

    /** A segment with entries of these sizes, then zeros. */
    private static byte[] segment(int... sizes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("RaftLog1".getBytes(US_ASCII));
        for (int size : sizes) {
            out.writeBytes(entry(size));
        }
        return Arrays.copyOf(out.toByteArray(), PREALLOCATED);
    }

    private static byte[] entry(int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int rest = size; ; rest >>>= 7) {
            if (rest < 0x80) {
                out.write(rest);
                break;
            }
            out.write((rest & 0x7f) | 0x80);
        }
        for (int i = 0; i < size; i++) {
            out.write(1 + i % 100);
        }
        CRC32C crc = new CRC32C();
        crc.update(out.toByteArray());
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        return out.toByteArray();
    }

    private Path write(byte[] content) throws Exception {
        Path file = directory.resolve("group/current/log_inprogress_0");
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return file;
    }

    private void assertLeftAlone(byte[] content) throws Exception {
        Path file = write(content);
        LogTailRepair.repair(directory);
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void wholeSegmentIsLeftAlone() throws Exception {
        assertLeftAlone(segment(10, 300, 20));
        assertLeftAlone(segment());
        assertLeftAlone(Arrays.copyOf(segment(10), 8 + entry(10).length));
    }

    @Test
    void zeroedTailOfTheLastEntryIsCutOffAtItsBeginning() throws Exception {
        int begin = 8 + entry(10).length;
        for (int kept = 2; kept < 302; kept++) {
            byte[] content = segment(10, 300);
            Arrays.fill(content, begin + kept, content.length, (byte) 0);
            Path file = write(content);
            LogTailRepair.repair(directory);
            assertThat(Files.readAllBytes(file))
                    .as("kept " + kept)
                    .isEqualTo(Arrays.copyOf(content, begin));
        }
    }

    @Test
    void flippedBitIsLeftAlone() throws Exception {
        int begin = 8 + entry(10).length;
        for (int at = begin + 2; at < begin + entry(300).length; at++) {
            byte[] content = segment(10, 300);
            content[at] ^= 4;
            assertLeftAlone(content);
        }
    }

    @Test
    void zerosBeforeAnotherEntryAreLeftAlone() throws Exception {
        int begin = 8 + entry(10).length;
        byte[] content = segment(10, 300, 20);
        Arrays.fill(content, begin + 50, begin + entry(300).length, (byte) 0);
        assertLeftAlone(content);
    }

    @Test
    void closedSegmentIsNotLookedAt() throws Exception {
        byte[] content = segment(10, 300);
        Arrays.fill(content, 100, content.length, (byte) 0);
        Path closed = directory.resolve("group/current/log_0-5");
        Files.createDirectories(closed.getParent());
        Files.write(closed, content);
        LogTailRepair.repair(directory);
        assertThat(Files.readAllBytes(closed)).isEqualTo(content);
    }

    @Test
    void directoryThatIsNotThereIsNothingToRepair() throws Exception {
        LogTailRepair.repair(directory.resolve("none"));
        assertThat(directory.resolve("none")).doesNotExist();
    }
}
