package io.kq.log.layout;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {

    private static final TopicIdPartition PARTITION = new TopicIdPartition(new UUID(7, 9), 3);

    @TempDir Path directory;

    private static PartitionCheckpoint entry(long sealedBytes) {
        return new PartitionCheckpoint(5, 90, 60, 700, 4, 1_000, 2_000, 50, true, sealedBytes);
    }

    private Path file() {
        return directory.resolve("checkpoint");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Checkpoint written = new Checkpoint(Map.of(PARTITION, entry(4_096)));
        Files.writeString(file(), written.toText());
        assertThat(Checkpoint.read(file())).contains(written);
    }

    @Test
    void oneWithoutTheSizeOfSealedSegmentsIsRead() throws IOException {
        String lines = "kq-log-checkpoint 2\n" + PARTITION + " 5 90 60 700 4 1000 2000 50 true\n";
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(UTF_8));
        Files.writeString(file(), lines + String.format("crc %08x%n", crc.getValue()));
        assertThat(Checkpoint.read(file()))
                .contains(
                        new Checkpoint(
                                Map.of(PARTITION, entry(PartitionCheckpoint.SEALED_UNKNOWN))));
    }

    @Test
    void oneWhoseBytesChangedIsNoneAtAll() throws IOException {
        String text = new Checkpoint(Map.of(PARTITION, entry(4_096))).toText();
        Files.writeString(file(), text.replace(" 90 ", " 91 "));
        assertThat(Checkpoint.read(file())).isEmpty();
    }
}
