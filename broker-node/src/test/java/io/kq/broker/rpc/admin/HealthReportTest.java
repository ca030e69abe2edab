package io.kq.broker.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.PartitionState;
import io.kq.v1.DataDirectory;
import io.kq.v1.DataDirectoryState;
import io.kq.v1.GetHealthResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
        return HealthReport.of(MetadataImage.EMPTY, 0, List.of(), Map.of(7, disk));
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

    @Test
    void votersThatAreDownAreNamedThoughTheyAreNoBrokers() {
        GetHealthResponse report = HealthReport.of(MetadataImage.EMPTY, 0, List.of(2), Map.of());
        assertThat(report.getHealthy()).isFalse();
        assertThat(report.getProblemsList()).containsExactly("Metadata voter 2 is down.");
    }

    @Test
    void replicasThatAreOnlyBeingAddedAreNotMissing() {
        assertThat(underReplicated(List.of(0, 1), List.of(1))).isZero();
        assertThat(underReplicated(List.of(0, 1, 2), List.of(2))).isEqualTo(1);
    }

    private static int underReplicated(List<Integer> replicas, List<Integer> adding) {
        PartitionState state =
                new PartitionState(
                        replicas, List.of(0), List.of(), 0, 0, 0, adding, List.of(), List.of(), 0);
        MetadataImage image =
                ImageTransition.applyStrictly(
                                MetadataImage.EMPTY,
                                List.of(
                                        new TopicCreated(
                                                new UUID(3, 1),
                                                "t",
                                                List.of(state),
                                                Map.of(),
                                                false,
                                                1)))
                        .after();
        return HealthReport.of(image, 0, List.of(), Map.of()).getUnderReplicatedPartitionCount();
    }
}
