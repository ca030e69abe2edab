package io.kq.metadata.controller;

import io.kq.metadata.decision.BrokerDecisions;
import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.ElectionResult;
import io.kq.metadata.decision.IsrDecisions;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.TopicDecisions;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From a caller's operation to who decides it and how its reply is kept. */
final class OperationHandlers {

    private final TopicDecisions topics;
    private final BrokerDecisions brokers;
    private final IsrDecisions isrs;

    OperationHandlers(TopicDecisions topics, BrokerDecisions brokers, IsrDecisions isrs) {
        this.topics = topics;
        this.brokers = brokers;
        this.isrs = isrs;
    }

    <R> PendingOperation<R> pending(
            Optional<UUID> requestId, MetadataOperation<R> operation, Outcome<R> outcome) {
        Handler<?> untyped = operation.accept(new Handlers());
        // The visitor's method for a MetadataOperation<R> makes a Handler<R>.
        @SuppressWarnings("unchecked")
        Handler<R> handler = (Handler<R>) untyped;
        return handler.kind() == null
                ? PendingOperation.internal(handler.decider(), outcome)
                : PendingOperation.requested(requestId, handler.kind(), handler.decider(), outcome);
    }

    /**
     * Who decides.
     *
     * @param kind null: a repetition is harmless, its reply is not kept
     */
    private record Handler<R>(RequestReplies.@Nullable Kind<R> kind, Decision.Decider<R> decider) {}

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

        /** A compare-and-set: done twice it has no second effect. */
        @Override
        public Handler<List<Optional<RejectedException>>> onAlterIsr(AlterIsr operation) {
            return new Handler<>(null, (image, turn) -> isrs.alter(operation, image));
        }

        @Override
        public Handler<List<ElectionResult>> onElectLeaders(ElectLeaders operation) {
            return new Handler<>(
                    RequestReplies.election(operation.partitions()), brokers.electionOf(operation));
        }
    }
}
