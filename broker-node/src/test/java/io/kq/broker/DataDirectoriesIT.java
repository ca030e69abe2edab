package io.kq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.Eventually;
import io.kq.v1.BrokerDetail;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.DataDirectory;
import io.kq.v1.DataDirectoryState;
import io.kq.v1.DeleteTopicRequest;
import io.kq.v1.GetHealthRequest;
import io.kq.v1.GetHealthResponse;
import io.kq.v1.ListBrokersRequest;
import io.kq.v1.TopicServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node on several data directories. */
class DataDirectoriesIT {

    @TempDir Path root;

    private InJvmNode start() {
        return InJvmNode.start(root.resolve("a"), "data.dirs=" + dirs());
    }

    private String dirs() {
        return root.resolve("a") + "," + root.resolve("b") + "," + root.resolve("c");
    }

    private static BrokerDetail broker(InJvmNode node) {
        return ClusterServiceGrpc.newBlockingStub(node.channel())
                .listBrokers(ListBrokersRequest.getDefaultInstance())
                .getBrokers(0);
    }

    private static List<Integer> partitionCounts(InJvmNode node) {
        return broker(node).getDirectoriesList().stream()
                .map(DataDirectory::getPartitionCount)
                .toList();
    }

    private static void create(InJvmNode node, String topic, int partitions) {
        TopicServiceGrpc.newBlockingStub(node.channel())
                .createTopic(
                        CreateTopicRequest.newBuilder()
                                .setName(topic)
                                .setPartitionCount(partitions)
                                .build());
    }

    private static GetHealthResponse health(InJvmNode node) {
        return ClusterServiceGrpc.newBlockingStub(node.channel())
                .getHealth(GetHealthRequest.getDefaultInstance());
    }

    @Test
    void partitionsAreSpreadOverTheDirectoriesAndFoundAgain() {
        try (InJvmNode node = start()) {
            create(node, "spread", 7);
            Eventually.eventually(
                    "all logs are open",
                    () -> partitionCounts(node).stream().mapToInt(i -> i).sum() == 7);
            assertThat(partitionCounts(node)).containsExactlyInAnyOrder(3, 2, 2);
        }
        try (InJvmNode node = start()) {
            Eventually.eventually(
                    "logs are found again",
                    () -> partitionCounts(node).stream().mapToInt(i -> i).sum() == 7);
            assertThat(broker(node).getDirectoriesList())
                    .extracting(DataDirectory::getPath)
                    .containsExactly(dirs().split(","));
            assertThat(health(node).getHealthy()).isTrue();
            TopicServiceGrpc.newBlockingStub(node.channel())
                    .deleteTopic(DeleteTopicRequest.newBuilder().setName("spread").build());
            Eventually.eventually(
                    "all logs are gone",
                    () -> partitionCounts(node).stream().allMatch(count -> count == 0));
            assertThat(node.faults()).isEmpty();
        }
    }

    @Test
    void directoryThatCannotBeUsedIsReportedAndTheOthersGoOn() throws IOException {
        try (InJvmNode node = start()) {
            create(node, "spread", 6);
            Eventually.eventually(
                    "all logs are open",
                    () -> partitionCounts(node).stream().mapToInt(i -> i).sum() == 6);
        }
        Path away = root.resolve("away");
        Files.move(root.resolve("b"), away);
        Files.writeString(root.resolve("b"), "no directory");
        try (InJvmNode node = start()) {
            assertThat(broker(node).getDirectories(1).getState())
                    .isEqualTo(DataDirectoryState.DATA_DIRECTORY_STATE_OFFLINE);
            assertThat(partitionCounts(node)).containsExactly(2, 0, 2);
            assertThat(health(node).getProblemsList())
                    .containsExactly(
                            "Data directory " + root.resolve("b") + " of broker 0 is offline.");
        }
        Files.delete(root.resolve("b"));
        Files.move(away, root.resolve("b"));
        try (InJvmNode node = start()) {
            assertThat(partitionCounts(node)).containsExactly(2, 2, 2);
            assertThat(health(node).getHealthy()).isTrue();
        }
    }

    @Test
    void mountPointWithoutItsDiskIsRefused() throws IOException {
        start().close();
        Files.move(root.resolve("b"), root.resolve("away"));
        StartRefusedException refusal =
                catchThrowableOfType(StartRefusedException.class, this::start);
        assertThat(refusal.reason()).isEqualTo("DATA_DIRECTORY_LOST");
        assertThat(refusal.forPeople()).contains(root.resolve("b").toString(), "\n  next: mount");
    }
}
