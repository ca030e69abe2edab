package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.leader.IsrProposal;

/** What a replica needs of the node that it is on, and whom it tells what became of it. */
public interface ReplicaPorts {

    long nowNanos();

    /** Of this process, as the controller registered it. */
    long brokerEpoch();

    /** Whether the disk takes writes. */
    boolean takesWrites();

    /** The connection to a leader's node, a new one if there is none. */
    int connect(int leader);

    /** Sends on a connection; nothing happens if that is broken. */
    void send(int connection, int to, Message message);

    /** Asks the controller; {@link Replica#proposalAnswered} follows. */
    void propose(Replica replica, IsrProposal proposal);

    /** {@link Replica#tickFollower} follows at that time. */
    void wakeAt(Replica replica, long nanos);

    /** {@link Replica#becameDurable} follows. */
    void flush(Replica replica);

    /** A producer is told that its record is where it is. */
    void acknowledged(Replica replica, Waiting waiting);

    /** A producer is told that the outcome is not known. */
    void abandoned(Replica replica, Waiting waiting);

    /** What a follower acknowledged made a difference to its leader. */
    void counted(Replica leader, int from, Message.Progress progress);

    /** What a leader said, about a subscription, is about to make a difference to its follower. */
    void believed(Replica follower, long generation, int leaderEpoch);

    /** The replica began to lead. */
    void began(Replica replica);

    /** The replica's high watermark is another one. */
    void watermarkMoved(Replica replica, long from, long to);

    /** A leader has deleted old records. */
    void trimmed(Replica replica);

    /**
     * The log is about to be cut, where it parts from a leader's after that one's {@code epoch}.
     */
    void cutting(Replica replica, long end, int epoch);

    /** The log is another one now. */
    void logChanged(Replica replica);

    /** The replica stands still (rule 7). */
    void halted(Replica replica, long cutOffset, long highWatermark);
}
