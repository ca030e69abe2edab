package io.kq.client.group;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/** A stream to the coordinator, made by the rpc room. On the client's loop. */
public interface SessionLink {

    /**
     * Joins.
     *
     * @param memberId empty: as a new member
     */
    void join(String memberId, Subscription subscription);

    void release(int version);

    void commit(long id, int epoch, Map<TopicPartition, GroupOffset> offsets);

    void heartbeat();

    void leave();

    /** Ends the stream; the listener is told nothing more. */
    void close();

    /** Told on the loop. */
    interface Listener {
        /** The first message can be sent. */
        void onReady();

        void onJoined(String memberId, int epoch, Duration heartbeatInterval);

        void onAssignment(
                int version,
                int epoch,
                Map<TopicPartition, OptionalLong> partitions,
                boolean awaitsRelease);

        /**
         * The outcome of a commit.
         *
         * @param refused partitions that were not committed; all others were
         */
        void onCommitted(long id, Map<TopicPartition, RejectedException> refused);

        /** Nothing of it is committed, or it is not known. */
        void onCommitFailed(long id, RejectedException why);

        /** The coordinator answered a heartbeat. */
        void onAlive();

        /** The member is none any more; the stream ends. */
        void onFenced(RejectedException why);

        /** The last call. */
        void onClosed(boolean wasReady, RejectedException why);
    }
}
