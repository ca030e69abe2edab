package io.kq.broker;

import io.kq.broker.StopSequence.Stage;
import io.kq.broker.birth.DirectoryIdentity;
import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.Listener;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.metadata.FeedConnector;
import io.kq.broker.metadata.MetadataFollower;
import io.kq.broker.quorum.Neighbours;
import io.kq.broker.quorum.QuorumMember;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.node.GrpcFeedConnector;
import io.kq.broker.rpc.node.GrpcVoterDirectory;
import io.kq.metadata.FollowedMetadata;
import io.kq.metadata.MetadataConfig;
import io.kq.metadata.MetadataEnvironment;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataRelay;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.decision.TopicDefaults;
import io.kq.metadata.raft.RaftConfig;
import io.kq.metadata.record.VoterSet;
import io.kq.runtime.EventLoop;
import io.kq.runtime.io.DiskFull;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where this node has its metadata from: its own voter, or another node's feed, as it changes.
 *
 * @param relay the image, whatever it comes from
 * @param member decides what it comes from
 * @param loop the member's
 * @param raftAddress where other voters reach this node's Raft port, if that has a fixed place
 */
record NodeMetadata(
        MetadataRelay relay,
        QuorumMember member,
        Neighbours neighbours,
        EventLoop loop,
        Optional<HostPort> raftAddress) {

    /** Starts the voter, or prepares to follow. Blocking. */
    static NodeMetadata start(
            NodeConfig config,
            NodeBirth born,
            NodeEnvironment environment,
            MetadataEnvironment outside,
            StopSequence stop) {
        EventLoop loop = EventLoop.start("kq-quorum", environment.faults());
        stop.add(Stage.REST, "quorum loop", loop);
        MetadataRelay relay = new MetadataRelay(environment.faults());
        Neighbours neighbours =
                new Neighbours(
                        born.node(),
                        relay,
                        config.quorum().peers(),
                        new GrpcVoterDirectory(born.sockets()));
        Optional<HostPort> raftAddress =
                config.listeners().metadata().port() == 0
                        ? Optional.empty()
                        : Optional.of(
                                NodeAddresses.raft(
                                        config, born.raftListener(), environment.host()));
        QuorumMember member =
                new QuorumMember(
                        new QuorumMember.Place(born.node(), born.raftDirectory(), raftAddress),
                        relay,
                        identity -> startVoter(config, born, identity, outside),
                        neighbours,
                        loop,
                        environment.clock(),
                        environment.random());
        try {
            member.begin();
        } catch (IOException e) {
            throw DiskFull.message(e)
                    .map(full -> StartRefusedException.diskFull(config.dataDirectory(), full))
                    .orElseGet(() -> refusal(born.raftListener(), born.raftDirectory(), e));
        }
        return new NodeMetadata(relay, member, neighbours, loop, raftAddress);
    }

    MetadataSource source() {
        return relay;
    }

    /** This node's voter; empty while it is none. */
    Optional<MetadataQuorum> quorum() {
        return member.quorum();
    }

    /** Follows the voters while this node is none. The future completes with the first image. */
    CompletableFuture<Void> follow(
            NodeConfig config,
            NodeChannels channels,
            NodeEnvironment environment,
            StopSequence stop) {
        EventLoop feedLoop = EventLoop.start("kq-follow", environment.faults());
        stop.add(Stage.REST, "metadata feed loop", feedLoop);
        FeedConnector connector = new GrpcFeedConnector(config.nodeId(), channels);
        return member.run(() -> new Feed(connector, environment, feedLoop));
    }

    void close() {
        member.stop();
        relay.close();
    }

    /** The feed of one voter or another. */
    private final class Feed implements QuorumMember.Following {

        private final FollowedMetadata followed;
        private final MetadataFollower follower;
        private final Runnable detach;
        private final CompletableFuture<Void> caughtUp;

        Feed(FeedConnector connector, NodeEnvironment environment, EventLoop feedLoop) {
            followed = new FollowedMetadata(relay.image(), environment.faults());
            detach = relay.attach(followed);
            follower =
                    new MetadataFollower(
                            neighbours::voterIds,
                            followed,
                            connector,
                            feedLoop,
                            environment.clock(),
                            environment.faults());
            caughtUp = follower.start();
        }

        @Override
        public CompletableFuture<Void> caughtUp() {
            return caughtUp;
        }

        @Override
        public void close() {
            detach.run();
            follower.stop();
            followed.close();
        }
    }

    private static MetadataQuorum startVoter(
            NodeConfig config,
            NodeBirth born,
            DirectoryIdentity identity,
            MetadataEnvironment outside)
            throws IOException {
        RaftConfig raft =
                RaftConfig.of(
                                founders(identity),
                                born.raftDirectory(),
                                born.raftListener().host(),
                                born.raftListener().port())
                        .withElectionTimeout(config.quorum().electionTimeout());
        ControllerConfig controller =
                ControllerConfig.DEFAULT
                        .withTopicDefaults(
                                new TopicDefaults(
                                        config.topics().partitionCount(),
                                        config.topics().replicationFactor()))
                        .withCoordinationShards(config.settings().get(NodeKeys.COORDINATION_SHARDS))
                        .withBrokerSession(config.sessions().sessionTimeout());
        return MetadataQuorum.start(
                new MetadataConfig(
                        identity.clusterId(),
                        config.nodeId(),
                        identity.raftName(),
                        raft,
                        controller),
                outside);
    }

    /**
     * One that joined later never has a list: with one it could elect itself beside the quorum. Of
     * the others it is looked at until their log has a configuration.
     */
    private static List<VoterSet.Voter> founders(DirectoryIdentity identity) {
        return identity.raftId().isPresent()
                ? List.of()
                : identity.voters().stream().map(NodeMetadata::raftVoter).toList();
    }

    private static VoterSet.Voter raftVoter(Voter voter) {
        return new VoterSet.Voter(
                voter.nodeId(),
                voter.directoryId(),
                voter.raftAddress().host(),
                voter.raftAddress().port());
    }

    private static StartRefusedException refusal(HostPort listener, Path directory, IOException e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (String.valueOf(t.getMessage()).contains("in use")) {
                return new Listener(NodeBirth.RAFT_LISTENER, listener).refusal(e);
            }
        }
        return StartRefusedException.failed(
                "METADATA_UNREADABLE",
                "the metadata log " + directory + " cannot be opened: " + e,
                "see the node's own log; do not delete the directory: it holds this voter's vote");
    }
}
