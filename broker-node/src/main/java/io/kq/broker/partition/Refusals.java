package io.kq.broker.partition;

import io.kq.broker.partition.core.leader.Refusal;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;

/** What a follower is told whose subscription is not taken, or ended. */
final class Refusals {

    private Refusals() {}

    static RejectedException of(Refusal refusal, TopicPartition partition, int leaderEpoch) {
        return switch (refusal) {
            case OLDER_EPOCH ->
                    new RejectedException(
                            ErrorCode.FENCED_LEADER_EPOCH,
                            partition + " is led in leader epoch " + leaderEpoch + " already");
            case NEWER_EPOCH ->
                    new RejectedException(
                            ErrorCode.UNKNOWN_LEADER_EPOCH,
                            "the leader of "
                                    + partition
                                    + " knows of leader epoch "
                                    + leaderEpoch
                                    + " only");
            case NO_REPLICA ->
                    new RejectedException(
                            ErrorCode.INELIGIBLE_REPLICA,
                            "the asking node has no replica of "
                                    + partition
                                    + " as far as its leader knows");
            case OTHER_INCARNATION ->
                    new RejectedException(
                            ErrorCode.FENCED_BROKER_EPOCH,
                            "the asking broker is registered with another epoch as far as the"
                                    + " leader of "
                                    + partition
                                    + " knows");
            case OLDER_GENERATION ->
                    new RejectedException(
                            ErrorCode.FENCED_LEADER_EPOCH,
                            "the follower has subscribed to " + partition + " later already");
        };
    }
}
