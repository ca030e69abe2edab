package io.kq.metadata.snapshot;

import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.with;
import static io.kq.metadata.image.Images.withBrokers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {

    @TempDir Path directory;

    private MetadataImage image() {
        MetadataImage image =
                with(
                        withBrokers(0, 1, 2),
                        new ProducerIdsAllocated(9_000, 1, 101),
                        new RequestAnswered(new UUID(4, 4), new byte[] {1, 2, 3}, 77));
        for (int i = 0; i < 300; i++) {
            image = with(image, (MetadataRecord) topic(new UUID(3, i), "t" + i, 4, i % 3));
        }
        return image.at(1234, 56);
    }

    private Path written(MetadataImage image) throws IOException {
        Path file = directory.resolve("snapshot.56_1300");
        SnapshotFile.write(file, image);
        return file;
    }

    @Test
    void imageComesBackWithItsPlaceInTheLog() throws Exception {
        MetadataImage image = image();
        assertThat(SnapshotFile.read(written(image))).isEqualTo(image);
    }

    @Test
    void equalImagesGiveEqualFiles() throws Exception {
        byte[] one = Files.readAllBytes(written(image()));
        byte[] other = Files.readAllBytes(written(image()));
        assertThat(one).isEqualTo(other);
    }

    @Test
    void everyFlippedBitIsFound() throws Exception {
        Path file = written(withBrokers(0).at(7, 1));
        byte[] good = Files.readAllBytes(file);
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, bad);
            assertThatThrownBy(() -> SnapshotFile.read(file))
                    .as("bit " + bit)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void everyCutIsFound() throws Exception {
        Path file = written(withBrokers(0).at(7, 1));
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> SnapshotFile.read(file))
                    .as("length " + length)
                    .isInstanceOf(IOException.class);
        }
    }
}
