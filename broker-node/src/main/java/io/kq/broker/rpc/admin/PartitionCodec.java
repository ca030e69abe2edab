package io.kq.broker.rpc.admin;

import io.kq.metadata.decision.ElectionResult;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.PartitionRef;
import io.kq.v1.UncleanElection;

/** Partitions and what elections came to, to protobuf and back. */
final class PartitionCodec {

    private PartitionCodec() {}

    /**
     * The partition.
     *
     * @throws RejectedException INVALID_ARGUMENT
     */
    static TopicPartition partition(PartitionRef ref) {
        if (ref.getPartition() < 0) {
            throw new RejectedException(
                            ErrorCode.INVALID_ARGUMENT,
                            "partition " + ref.getPartition() + " is negative")
                    .with("field", "partition");
        }
        return new TopicPartition(ref.getTopic(), ref.getPartition());
    }

    static PartitionRef ref(String topic, int partition) {
        return PartitionRef.newBuilder().setTopic(topic).setPartition(partition).build();
    }

    static io.kq.v1.ElectionResult result(ElectionResult result) {
        io.kq.v1.ElectionResult.Builder proto =
                io.kq.v1.ElectionResult.newBuilder()
                        .setPartition(
                                ref(result.partition().topic(), result.partition().partition()))
                        .setElected(result.elected())
                        .setLeaderId(result.leader());
        result.refusal().ifPresent(why -> proto.setError(RejectionCodec.toProto(why)));
        if (result.logEndOffset() >= 0) {
            proto.setUnclean(
                    UncleanElection.newBuilder()
                            .setLogEndOffset(result.logEndOffset())
                            .addAllCompleteBrokerIds(result.hadAll()));
        }
        return proto.build();
    }
}
