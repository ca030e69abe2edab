package io.kq.broker.rpc.log;

import io.kq.broker.fetch.FetchTarget;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.FetchData;
import io.kq.v1.FetchSubscription;
import io.kq.v1.IsolationLevel;
import io.kq.v1.RecordFormat;

/** Subscriptions as they came over the wire. */
final class FetchTargets {

    /** What {@code max_bytes = 0} means. */
    private static final int BYTES_DEFAULT = 64 << 10;

    /** More in one message than this only costs memory. */
    private static final int BYTES_MAX = 1 << 20;

    private FetchTargets() {}

    /**
     * The subscription, its defaults resolved.
     *
     * @throws RejectedException INVALID_ARGUMENT
     */
    static FetchTarget of(FetchSubscription subscription) {
        if (subscription.getFormat() == RecordFormat.UNRECOGNIZED) {
            throw invalid("format has the unknown value " + subscription.getFormatValue());
        }
        if (subscription.getIsolation() == IsolationLevel.UNRECOGNIZED) {
            throw invalid("isolation has the unknown value " + subscription.getIsolationValue());
        }
        int idSize = subscription.getTopicId().size();
        if (idSize != 0 && idSize != TopicIds.SIZE_BYTES) {
            throw invalid("topic_id has 16 bytes, this one " + idSize);
        }
        return new FetchTarget(
                subscription.getSubscriptionId(),
                subscription.getTopic(),
                subscription.getPartition(),
                subscription.getOffset(),
                subscription.getFormat() == RecordFormat.RECORD_FORMAT_PACKED
                        ? FetchTarget.Form.PACKED
                        : FetchTarget.Form.PLAIN,
                bytesMax(subscription.getMaxBytes()),
                idSize == 0 ? null : TopicIds.fromBytes(subscription.getTopicId()));
    }

    private static int bytesMax(int unsigned) {
        if (unsigned == 0) {
            return BYTES_DEFAULT;
        }
        return unsigned < 0 ? BYTES_MAX : Math.min(unsigned, BYTES_MAX);
    }

    /** The same for another node, under an id of the stream to it. */
    static FetchSubscription forwarded(FetchTarget target, int id) {
        FetchSubscription.Builder subscription =
                FetchSubscription.newBuilder()
                        .setSubscriptionId(id)
                        .setTopic(target.topic())
                        .setPartition(target.partition())
                        .setOffset(target.offset())
                        .setFormat(
                                target.form() == FetchTarget.Form.PACKED
                                        ? RecordFormat.RECORD_FORMAT_PACKED
                                        : RecordFormat.RECORD_FORMAT_PLAIN)
                        .setMaxBytes(target.bytesMax());
        if (target.topicId() != null) {
            subscription.setTopicId(TopicIds.toBytes(target.topicId()));
        }
        return subscription.build();
    }

    /** Data of this subscription, to be filled. */
    static FetchData.Builder dataOf(FetchTarget target) {
        return FetchData.newBuilder()
                .setSubscriptionId(target.id())
                .setTopic(target.topic())
                .setPartition(target.partition());
    }

    private static RejectedException invalid(String what) {
        return new RejectedException(ErrorCode.INVALID_ARGUMENT, what);
    }
}
