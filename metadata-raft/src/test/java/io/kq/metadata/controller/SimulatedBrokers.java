package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe.Answer;
import io.kq.metadata.controller.BrokerSessions.HeartbeatAnswer;
import io.kq.metadata.decision.IsrProposal;
import io.kq.metadata.decision.IsrProposal.Member;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.protocol.RejectedException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Brokers that talk to the active controller of a {@link SimulatedQuorum}, one word at a time. */
final class SimulatedBrokers {

    private final SimulatedQuorum quorum;

    SimulatedBrokers(SimulatedQuorum quorum) {
        this.quorum = quorum;
    }

    MetadataImage image() {
        return quorum.active().image;
    }

    ControllerLoop controller() {
        return quorum.active().controller;
    }

    CompletableFuture<Long> registering(int id, long incarnation) {
        return registering(id, incarnation, new UUID(7, id), true);
    }

    CompletableFuture<Long> registering(int id, long incarnation, UUID directoryId, boolean clean) {
        CompletableFuture<Long> reply =
                controller()
                        .register(
                                new Registration(
                                        id,
                                        new UUID(incarnation, id),
                                        SimulatedQuorum.CLUSTER,
                                        List.of(),
                                        "",
                                        List.of(directoryId),
                                        clean,
                                        "test"));
        quorum.settle();
        return reply;
    }

    HeartbeatAnswer heartbeat(int id, boolean wantsShutdown) {
        return heartbeat(id, epoch(id), wantsShutdown);
    }

    HeartbeatAnswer heartbeat(int id, long epoch, boolean wantsShutdown) {
        var reply = controller().heartbeat(id, epoch, image().index(), wantsShutdown);
        quorum.settle();
        return reply.join();
    }

    /** Brings a broker up for the first time. */
    long up(int id) {
        long epoch = registering(id, 1).join();
        heartbeat(id, epoch, false);
        assertThat(image().isUp(id)).isTrue();
        return epoch;
    }

    /** The broker's process is gone, and its session with it. */
    void crash(int id) {
        quorum.probes.put(id, Answer.REFUSED);
        controller().streamBroken(id, epoch(id));
        quorum.settle();
        assertThat(image().isUp(id)).isFalse();
    }

    /** A new process of a broker that is down. */
    void restart(int id, boolean clean) {
        long incarnation = image().broker(id).orElseThrow().brokerEpoch() + 1_000;
        long epoch = registering(id, incarnation, new UUID(7, id), clean).join();
        heartbeat(id, epoch, false);
        assertThat(image().isUp(id)).isTrue();
    }

    long epoch(int id) {
        return image().broker(id).orElseThrow().brokerEpoch();
    }

    void create(String name, int partitions, Integer... replicas) {
        call(
                new CreateTopic(
                        name,
                        0,
                        0,
                        Collections.nCopies(partitions, Arrays.asList(replicas)),
                        Map.of(),
                        false,
                        false));
    }

    <R> R call(MetadataOperation<R> operation) {
        CompletableFuture<R> reply = controller().submit(Optional.empty(), operation);
        quorum.settle();
        return reply.join();
    }

    List<PartitionImage> partitions(String name) {
        return image().topic(name).orElseThrow().partitions();
    }

    /** The leader of a topic's only partition proposes this ISR; empty: it was taken. */
    Optional<RejectedException> propose(String topic, Integer... members) {
        PartitionImage partition = partitions(topic).get(0);
        IsrProposal proposal =
                new IsrProposal(
                        image().topic(topic).orElseThrow().id(),
                        0,
                        partition.leaderEpoch(),
                        partition.partitionEpoch(),
                        Arrays.stream(members).map(id -> new Member(id, epoch(id))).toList());
        return call(new AlterIsr(partition.leader(), epoch(partition.leader()), List.of(proposal)))
                .get(0);
    }
}
