package io.kq.metadata.controller;

import io.kq.metadata.decision.BrokerDecisions;
import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.TopicDecisions;
import java.util.Optional;
import java.util.UUID;

/** From a caller's operation to who decides it and how its reply is kept. */
final class OperationHandlers {

    private final TopicDecisions topics;
    private final BrokerDecisions brokers;

    OperationHandlers(TopicDecisions topics, BrokerDecisions brokers) {
        this.topics = topics;
        this.brokers = brokers;
    }

    <R> PendingOperation<R> pending(
            Optional<UUID> requestId, MetadataOperation<R> operation, Outcome<R> outcome) {
        Handler<?> untyped = operation.accept(new Handlers());
        // The visitor's method for a MetadataOperation<R> makes a Handler<R>.
        @SuppressWarnings("unchecked")
        Handler<R> handler = (Handler<R>) untyped;
        return PendingOperation.requested(requestId, handler.kind(), handler.decider(), outcome);
    }

    private record Handler<R>(RequestReplies.Kind<R> kind, Decision.Decider<R> decider) {}

    private final class Handlers implements MetadataOperation.Visitor<Handler<?>> {

        @Override
        public Handler<TopicCreation> onCreateTopic(CreateTopic operation) {
            return new Handler<>(
                    RequestReplies.TOPIC_CREATION,
                    (image, turn) -> topics.create(operation, image, turn));
        }

        @Override
        public Handler<UUID> onDeleteTopic(DeleteTopic operation) {
            return new Handler<>(
                    RequestReplies.TOPIC_DELETION,
                    (image, turn) -> topics.delete(operation, image, turn));
        }

        @Override
        public Handler<ProducerIdBlock> onAllocateProducerIds(AllocateProducerIds operation) {
            return new Handler<>(
                    RequestReplies.PRODUCER_IDS,
                    (image, turn) -> brokers.allocateProducerIds(operation, image));
        }
    }
}
