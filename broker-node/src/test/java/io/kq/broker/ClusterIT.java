package io.kq.broker;

import static io.kq.runtime.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.v1.AddVoterRequest;
import io.kq.v1.Broker;
import io.kq.v1.BrokerState;
import io.kq.v1.ClusterImage;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.CreateTopicResponse;
import io.kq.v1.GetMetadataRequest;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.Quorum;
import io.kq.v1.RemoveVoterRequest;
import io.kq.v1.ReplaceVoterRequest;
import io.kq.v1.Topic;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.Voter;
import io.kq.v1.VoterChange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three voters in processes of their own, and a fourth node that is no voter. */
class ClusterIT {

    private static final int VOTERS = 3;

    @TempDir Path directory;

    private final List<ProcessNode> nodes = new ArrayList<>();

    private void prepare(int count) throws IOException {
        List<Integer> ports = freePorts(3 * count);
        List<String> peers = new ArrayList<>();
        for (int id = 0; id < VOTERS; id++) {
            peers.add(id + "@127.0.0.1:" + ports.get(3 * id));
        }
        for (int id = 0; id < count; id++) {
            nodes.add(
                    new ProcessNode(
                            id,
                            directory.resolve("node-" + id),
                            ports.get(3 * id + 1),
                            List.of(
                                    "metadata.peers=" + String.join(",", peers),
                                    "node.listener=127.0.0.1:" + ports.get(3 * id),
                                    "metadata.listener=127.0.0.1:" + ports.get(3 * id + 2))));
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private void startAll() {
        nodes.forEach(ProcessNode::start);
        nodes.forEach(ProcessNode::awaitReady);
    }

    @AfterEach
    void killAll() {
        nodes.forEach(ProcessNode::close);
    }

    private static ClusterImage clusterOf(ProcessNode node) {
        return ClusterServiceGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(10, SECONDS)
                .getMetadata(GetMetadataRequest.getDefaultInstance())
                .getCluster();
    }

    private static BrokerState stateOf(int brokerId, ProcessNode seenBy) {
        return clusterOf(seenBy).getBrokersList().stream()
                .filter(broker -> broker.getId() == brokerId)
                .map(Broker::getState)
                .findFirst()
                .orElse(BrokerState.BROKER_STATE_UNSPECIFIED);
    }

    private static CreateTopicResponse create(ProcessNode through, String name, UUID requestId) {
        return TopicServiceGrpc.newBlockingStub(through.channel())
                .withDeadlineAfter(60, SECONDS)
                .createTopic(
                        CreateTopicRequest.newBuilder()
                                .setName(name)
                                .setPartitionCount(3)
                                .setRequestId(requestId.toString())
                                .build());
    }

    private static Topic topic(ProcessNode through, String name) {
        return TopicServiceGrpc.newBlockingStub(through.channel())
                .withDeadlineAfter(10, SECONDS)
                .getTopic(GetTopicRequest.newBuilder().setName(name).build())
                .getTopic();
    }

    private ProcessNode controller() {
        return nodes.get(clusterOf(nodes.get(0)).getQuorum().getLeaderId());
    }

    private ProcessNode other(ProcessNode than) {
        return nodes.get((than.id() + 1) % VOTERS);
    }

    @Test
    void mutationsGoOnWhenTheControllerIsKilled() throws IOException {
        prepare(VOTERS);
        startAll();
        assertThat(nodes)
                .extracting(node -> clusterOf(node).getClusterId())
                .as("one cluster")
                .allMatch(id -> id.equals(clusterOf(nodes.get(0)).getClusterId()));
        ProcessNode controller = controller();
        ProcessNode survivor = other(controller);
        UUID requestId = UUID.randomUUID();
        CreateTopicResponse before = create(survivor, "before", requestId);
        assertThat(topic(survivor, "before")).isEqualTo(before.getTopic());

        controller.kill();

        CreateTopicResponse after = create(survivor, "after", UUID.randomUUID());
        assertThat(after.getCreated()).isTrue();
        assertThat(create(survivor, "before", requestId).getTopic().getTopicId())
                .as("the new controller knows the old one's answers")
                .isEqualTo(before.getTopic().getTopicId());
        eventually(
                "the dead broker is fenced",
                () -> stateOf(controller.id(), survivor) == BrokerState.BROKER_STATE_FENCED);

        controller.start();
        controller.awaitReady();
        eventually(
                "it is back",
                () -> stateOf(controller.id(), survivor) == BrokerState.BROKER_STATE_UP);
        assertThat(topic(controller, "after").getTopicId())
                .isEqualTo(after.getTopic().getTopicId());
    }

    @Test
    void stoppedNodeLeavesInGoodOrder() throws IOException {
        prepare(VOTERS);
        startAll();
        ProcessNode controller = controller();
        ProcessNode survivor = other(controller);
        assertThat(controller.stop()).isIn(0, 143);
        assertThat(controller.data().resolve(RunningFile.NAME)).doesNotExist();
        eventually(
                "it is fenced",
                () -> stateOf(controller.id(), survivor) == BrokerState.BROKER_STATE_FENCED);
        assertThat(create(survivor, "later", UUID.randomUUID()).getCreated()).isTrue();
    }

    @Test
    void brokerThatIsNoVoterFollowsTheVoters() throws IOException {
        prepare(VOTERS + 1);
        startAll();
        ProcessNode broker = nodes.get(VOTERS);
        CreateTopicResponse made = create(broker, "through-the-broker", UUID.randomUUID());
        assertThat(topic(broker, "through-the-broker")).isEqualTo(made.getTopic());

        ProcessNode controller = controller();
        controller.kill();
        CreateTopicResponse after = create(broker, "after", UUID.randomUUID());
        assertThat(topic(broker, "after").getTopicId()).isEqualTo(after.getTopic().getTopicId());
        eventually(
                "the broker is a member for the new controller too",
                () -> stateOf(broker.id(), other(controller)) == BrokerState.BROKER_STATE_UP);
    }

    private static VoterChange add(ProcessNode through, int id) {
        return ClusterServiceGrpc.newBlockingStub(through.channel())
                .withDeadlineAfter(30, SECONDS)
                .addVoter(AddVoterRequest.newBuilder().setNodeId(id).build())
                .getChange();
    }

    private static VoterChange remove(ProcessNode through, int id) {
        return ClusterServiceGrpc.newBlockingStub(through.channel())
                .withDeadlineAfter(30, SECONDS)
                .removeVoter(RemoveVoterRequest.newBuilder().setNodeId(id).build())
                .getChange();
    }

    private static VoterChange replace(ProcessNode through, int id) {
        return ClusterServiceGrpc.newBlockingStub(through.channel())
                .withDeadlineAfter(30, SECONDS)
                .replaceVoter(ReplaceVoterRequest.newBuilder().setNodeId(id).build())
                .getChange();
    }

    private static List<Integer> votersOf(Quorum quorum) {
        return quorum.getVotersList().stream().map(Voter::getId).toList();
    }

    @Test
    void voterThatLostItsDiskRunsWithoutAVoteUntilItIsReplaced() throws IOException {
        prepare(VOTERS);
        startAll();
        create(nodes.get(0), "before", UUID.randomUUID());
        ProcessNode unlucky = other(controller());
        unlucky.kill();
        try (Stream<Path> files = Files.walk(unlucky.data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        unlucky.start();
        unlucky.awaitReady();
        assertThat(unlucky.errors())
                .contains("its vote on the metadata is lost")
                .contains("kq cluster replace-voter " + unlucky.id());

        assertThat(replace(unlucky, unlucky.id()).getChanged()).isTrue();
        assertThat(replace(unlucky, unlucky.id()).getChanged()).isFalse();
        ProcessNode controller = controller();
        controller.kill();
        assertThat(create(unlucky, "by-the-new-vote", UUID.randomUUID()).getCreated()).isTrue();
        unlucky.kill();
        controller.start();
        controller.awaitReady();
        unlucky.start();
        unlucky.awaitReady();
        assertThat(topic(unlucky, "by-the-new-vote").getName()).isEqualTo("by-the-new-vote");
    }

    @Test
    void brokerBecomesAVoterAndABrokerAgainAndRestartsAsWhatItIs() throws IOException {
        prepare(VOTERS + 1);
        startAll();
        ProcessNode broker = nodes.get(VOTERS);
        assertThat(votersOf(add(nodes.get(0), broker.id()).getQuorum()))
                .containsExactly(0, 1, 2, 3);
        assertThat(add(broker, broker.id()).getChanged()).isFalse();
        broker.kill();
        broker.start();
        broker.awaitReady();
        eventually("it votes", () -> clusterOf(broker).getQuorum().getVotersCount() == 4);

        ProcessNode controller = controller();
        VoterChange removed = remove(broker, controller.id());
        assertThat(removed.getChanged()).isTrue();
        assertThat(votersOf(removed.getQuorum())).hasSize(3).doesNotContain(controller.id());
        eventually(
                "it has no log any more", () -> Files.notExists(controller.data().resolve("raft")));
        assertThat(create(controller, "through-the-removed", UUID.randomUUID()).getCreated())
                .isTrue();
        controller.kill();
        controller.start();
        controller.awaitReady();
        assertThat(add(controller, controller.id()).getChanged()).isTrue();
        create(controller, "again", UUID.randomUUID());
        assertThat(votersOf(clusterOf(controller).getQuorum())).containsExactly(0, 1, 2, 3);
    }

    @Test
    void voterThatIsDownWhileItIsRemovedLearnsItWhenItIsBack() throws IOException {
        prepare(VOTERS);
        startAll();
        ProcessNode absent = other(controller());
        absent.kill();
        ProcessNode present = other(absent);
        eventually("the leader misses it", () -> !remove(present, absent.id()).getChanged());
        absent.start();
        absent.awaitReady();
        assertThat(absent.data().resolve("raft")).doesNotExist();
        create(absent, "through-it", UUID.randomUUID());
    }
}
