package io.kq.metadata.controller;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.metadata.decision.ElectionResult;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.TopicDecisions;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * Replies as they are kept for repeated requests: one byte for the kind, then what is needed to say
 * the same again. Small, since thousands of them are part of the image: where a topic's replicas
 * are is read from the image.
 */
final class RequestReplies {

    /** One kind of reply. The kinds' numbers are in the log: they are never given anew. */
    static final class Kind<R> {
        private final byte number;
        private final Writer<R> writer;
        private final Reader<R> reader;

        private Kind(int number, Writer<R> writer, Reader<R> reader) {
            this.number = (byte) number;
            this.writer = writer;
            this.reader = reader;
        }

        byte[] toBytes(R reply) {
            byte[] body = writer.write(reply);
            return ByteBuffer.allocate(1 + body.length).put(number).put(body).array();
        }

        /**
         * The reply again.
         *
         * @throws RejectedException INVALID_ARGUMENT: the request with this id was another one
         */
        R fromBytes(byte[] bytes, MetadataImage image) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            if (buffer.get() != number) {
                throw new RejectedException(
                        ErrorCode.INVALID_ARGUMENT,
                        "this request id was used for another operation; make a new one for each"
                                + " request");
            }
            return reader.read(buffer, image);
        }
    }

    @FunctionalInterface
    private interface Writer<R> {
        byte[] write(R reply);
    }

    @FunctionalInterface
    private interface Reader<R> {
        R read(ByteBuffer body, MetadataImage image);
    }

    static final Kind<TopicCreation> TOPIC_CREATION =
            new Kind<>(1, RequestReplies::writeCreation, RequestReplies::readCreation);

    static final Kind<UUID> TOPIC_DELETION =
            new Kind<>(2, RequestReplies::writeId, (body, image) -> readId(body));

    static final Kind<ProducerIdBlock> PRODUCER_IDS =
            new Kind<>(
                    3,
                    block ->
                            ByteBuffer.allocate(12)
                                    .putLong(block.firstId())
                                    .putInt(block.count())
                                    .array(),
                    (body, image) -> new ProducerIdBlock(body.getLong(), body.getInt()));

    /**
     * Of an election of these partitions: that it was held. Repeated, it says who leads now, and
     * that nothing more is needed.
     */
    static Kind<List<ElectionResult>> election(List<TopicPartition> partitions) {
        return new Kind<>(
                4,
                results -> new byte[0],
                (body, image) ->
                        partitions.stream()
                                .map(id -> ElectionResult.notNeeded(id, leader(id, image)))
                                .toList());
    }

    /** Of added partitions: the topic, and which of its partitions were new. */
    static final Kind<TopicCreation> PARTITIONS_ADDED =
            new Kind<>(
                    5,
                    reply -> {
                        byte[] topic = writeCreation(reply);
                        return ByteBuffer.allocate(4 + topic.length)
                                .putInt(reply.assignments().size())
                                .put(topic)
                                .array();
                    },
                    (body, image) -> lastOf(body.getInt(), readCreation(body, image)));

    static final Kind<UUID> TOPIC_CONFIGS =
            new Kind<>(6, RequestReplies::writeId, (body, image) -> readId(body));

    static final Kind<Integer> REPLICAS_ALTERED = count(7);

    static final Kind<Integer> BROKER_DRAINED = count(8);

    static final Kind<Integer> BROKER_RESUMED = count(9);

    static final Kind<Integer> BROKER_UNREGISTERED = count(10);

    private static Kind<Integer> count(int number) {
        return new Kind<>(
                number,
                count -> ByteBuffer.allocate(4).putInt(count).array(),
                (body, image) -> body.getInt());
    }

    private static TopicCreation lastOf(int count, TopicCreation topic) {
        List<List<Integer>> all = topic.assignments();
        return new TopicCreation(
                topic.topicId(),
                topic.name(),
                true,
                all.subList(Math.max(0, all.size() - count), all.size()));
    }

    private static byte[] writeId(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UUID readId(ByteBuffer body) {
        return new UUID(body.getLong(), body.getLong());
    }

    private static int leader(TopicPartition id, MetadataImage image) {
        return image.topic(id.topic())
                .filter(topic -> id.partition() < topic.partitions().size())
                .map(topic -> topic.partitions().get(id.partition()).leader())
                .orElse(PartitionImage.NO_LEADER);
    }

    private RequestReplies() {}

    private static byte[] writeCreation(TopicCreation reply) {
        byte[] name = reply.name().getBytes(UTF_8);
        return ByteBuffer.allocate(16 + name.length)
                .putLong(reply.topicId().getMostSignificantBits())
                .putLong(reply.topicId().getLeastSignificantBits())
                .put(name)
                .array();
    }

    private static TopicCreation readCreation(ByteBuffer body, MetadataImage image) {
        UUID id = new UUID(body.getLong(), body.getLong());
        String name = UTF_8.decode(body).toString();
        return image.topic(id)
                .map(topic -> TopicDecisions.creation(topic, true))
                .orElseGet(() -> new TopicCreation(id, name, true, List.of()));
    }
}
