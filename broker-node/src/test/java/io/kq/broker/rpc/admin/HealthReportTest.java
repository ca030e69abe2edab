package io.kq.broker.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.metadata.image.MetadataImage;
import io.kq.v1.DataDirectory;
import io.kq.v1.DataDirectoryState;
import io.kq.v1.GetHealthResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthReportTest {

    private static GetHealthResponse withDirectory(DataDirectoryState state, int quarantined) {
        DescribeStorageResponse disk =
                DescribeStorageResponse.newBuilder()
                        .addDirectories(
                                DataDirectory.newBuilder()
                                        .setPath("/b")
                                        .setState(state)
                                        .setQuarantinedCount(quarantined))
                        .build();
        return HealthReport.of(MetadataImage.EMPTY, 0, Map.of(7, disk));
    }

    @Test
    void directoriesThatTakeWritesAreNoProblem() {
        assertThat(withDirectory(DataDirectoryState.DATA_DIRECTORY_STATE_WRITABLE, 0).getHealthy())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "DATA_DIRECTORY_STATE_FULL,is full: it takes no writes",
        "DATA_DIRECTORY_STATE_FAILED,failed: it takes no writes",
        "DATA_DIRECTORY_STATE_OFFLINE,is offline"
    })
    void eachDirectoryThatTakesNoWritesIsNamed(DataDirectoryState state, String what) {
        GetHealthResponse report = withDirectory(state, 0);
        assertThat(report.getHealthy()).isFalse();
        assertThat(report.getProblemsList())
                .containsExactly("Data directory /b of broker 7 " + what + ".");
    }

    @Test
    void damagedReplicasAreCounted() {
        assertThat(
                        withDirectory(DataDirectoryState.DATA_DIRECTORY_STATE_WRITABLE, 2)
                                .getProblemsList())
                .containsExactly(
                        "2 partitions in data directory /b of broker 7 with damaged data: not"
                                + " served there.");
    }
}
