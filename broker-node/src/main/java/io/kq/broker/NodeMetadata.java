package io.kq.broker;

import io.kq.broker.StopSequence.Stage;
import io.kq.broker.birth.DirectoryIdentity;
import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.config.Listener;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.metadata.MetadataFollower;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.node.GrpcFeedConnector;
import io.kq.metadata.FollowedMetadata;
import io.kq.metadata.MetadataConfig;
import io.kq.metadata.MetadataEnvironment;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.decision.TopicDefaults;
import io.kq.metadata.raft.RaftConfig;
import io.kq.runtime.EventLoop;
import io.kq.runtime.io.DiskFull;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where this node has its metadata from: its own voter, or another node's feed.
 *
 * @param source the image
 * @param quorum empty on a node that is no voter
 * @param followed empty on a voter
 */
record NodeMetadata(
        MetadataSource source,
        Optional<MetadataQuorum> quorum,
        Optional<FollowedMetadata> followed) {

    /** Starts the voter, or prepares to follow. Blocking. */
    static NodeMetadata start(NodeConfig config, NodeBirth born, MetadataEnvironment environment) {
        DirectoryIdentity identity = born.identity();
        Path raftDirectory = born.file().raftDirectory();
        HostPort raftListener = born.raftListener();
        if (!config.quorum().isVoter()) {
            FollowedMetadata followed = new FollowedMetadata(environment.faults());
            return new NodeMetadata(followed, Optional.empty(), Optional.of(followed));
        }
        RaftConfig raft =
                RaftConfig.of(
                                raftVoters(identity),
                                raftDirectory,
                                raftListener.host(),
                                raftListener.port())
                        .withElectionTimeout(config.quorum().electionTimeout());
        ControllerConfig controller =
                ControllerConfig.DEFAULT
                        .withTopicDefaults(
                                new TopicDefaults(
                                        config.topics().partitionCount(),
                                        config.topics().replicationFactor()))
                        .withBrokerSession(config.sessions().sessionTimeout());
        try {
            MetadataQuorum quorum =
                    MetadataQuorum.start(
                            new MetadataConfig(
                                    identity.clusterId(),
                                    config.nodeId(),
                                    identity.directoryId(),
                                    raft,
                                    controller),
                            environment);
            born.markRaftStarted();
            return new NodeMetadata(quorum, Optional.of(quorum), Optional.empty());
        } catch (IOException e) {
            throw DiskFull.message(e)
                    .map(full -> StartRefusedException.diskFull(config.dataDirectory(), full))
                    .orElseGet(() -> refusal(raftListener, raftDirectory, e));
        }
    }

    /** Follows the voters, if this node is none. The future completes with the first image. */
    CompletableFuture<Void> follow(
            NodeConfig config,
            NodeChannels channels,
            NodeEnvironment environment,
            StopSequence stop) {
        if (followed.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        EventLoop loop = EventLoop.start("kq-follow", environment.faults());
        MetadataFollower follower =
                new MetadataFollower(
                        config.quorum().peers().stream().map(Peer::nodeId).toList(),
                        followed.get(),
                        new GrpcFeedConnector(config.nodeId(), channels),
                        loop,
                        environment.clock(),
                        environment.faults());
        stop.add(Stage.QUORUM, "metadata feed", follower::stop);
        stop.add(Stage.REST, "metadata feed loop", loop);
        return follower.start();
    }

    void close() {
        quorum.ifPresent(MetadataQuorum::close);
        followed.ifPresent(FollowedMetadata::close);
    }

    private static List<RaftConfig.Voter> raftVoters(DirectoryIdentity identity) {
        return identity.voters().stream().map(NodeMetadata::raftVoter).toList();
    }

    private static RaftConfig.Voter raftVoter(Voter voter) {
        return new RaftConfig.Voter(
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
