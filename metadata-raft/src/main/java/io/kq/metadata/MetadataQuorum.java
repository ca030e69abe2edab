package io.kq.metadata;

import io.kq.metadata.controller.BrokerSessions;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.publish.MetadataFeed;
import io.kq.metadata.record.VoterSet.Voter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A voter of the metadata quorum, in this JVM. Any thread. */
public interface MetadataQuorum extends MetadataSource, AutoCloseable {

    /**
     * Starts a voter. Blocking: reads its log and snapshot; does not wait for a leader.
     *
     * @throws IOException the Raft directory cannot be read or is damaged, or the port is taken
     */
    static MetadataQuorum start(MetadataConfig config, MetadataEnvironment environment)
            throws IOException {
        return QuorumVoter.start(config, environment);
    }

    /** Whether this node is the active controller and has applied the first entry of its term. */
    boolean isActiveController();

    /**
     * Decides an operation and completes when its records are applied.
     *
     * @param requestId repetitions with the same id get the same reply (invariant M8); empty for
     *     operations that may be repeated
     * @return fails with {@link io.kq.protocol.RejectedException}: NOT_CONTROLLER (indefinite if it
     *     may have been committed), QUORUM_LOST, or what the operation's own Javadoc says
     */
    <R> CompletableFuture<R> submit(Optional<UUID> requestId, MetadataOperation<R> operation);

    /** Sessions of brokers; alive only while this node is the active controller. */
    BrokerSessions sessions();

    /** The feed for nodes that are not voters. */
    MetadataFeed feed();

    /** Groups that are coordinated here. */
    Coordination coordination();

    /**
     * Whether a voter that the metadata does without may not stop yet: coordination shards have not
     * agreed on going on without it.
     */
    boolean isNeededByShards();

    /** Has other voters lead the shards that this one leads. Blocking, at most 2 s for each. */
    void giveShardsAway();

    /** The quorum as this node sees it. */
    Status status();

    /**
     * The voters that Raft has agreed on; empty while they are being changed, and on one that joins
     * and was told of none yet.
     */
    Optional<List<Voter>> voters();

    /**
     * Has the quorum made of other voters, if it is made of {@code expected} now. Only on the
     * active controller. The metadata shows it a moment later.
     *
     * @return completes when it is committed; fails with {@link io.kq.protocol.RejectedException}:
     *     NOT_CONTROLLER (indefinite), QUORUM_CHANGE_FAILED: the voters are what they were
     */
    CompletableFuture<Void> changeVoters(List<Voter> expected, List<Voter> next);

    /** Has another voter lead, if this one does and another is up. Blocking, at most 2 s. */
    void giveLeadershipAway();

    /**
     * Whether it works: Ratis closes a voter that the others do not count as one any more. If it is
     * not closed within {@link QuorumVoter#CLOSED_GRACE}, the process ends.
     */
    boolean isAlive();

    /** Stops as if the process had died: nothing is given away, nothing written. */
    void abandon();

    /** Gives leadership away if it has it, takes a snapshot, stops. */
    @Override
    void close();

    /**
     * The quorum as one node sees it.
     *
     * @param leaderId -1: none known
     */
    record Status(int leaderId, long term, long committedIndex, List<VoterStatus> voters) {
        public Status {
            voters = List.copyOf(voters);
        }
    }

    /**
     * One voter.
     *
     * @param lag entries behind the leader, -1: not known
     */
    record VoterStatus(Voter voter, long lag, boolean up) {
        public int nodeId() {
            return voter.nodeId();
        }

        /** Of its Raft port. */
        public String address() {
            return voter.host() + ":" + voter.port();
        }
    }
}
