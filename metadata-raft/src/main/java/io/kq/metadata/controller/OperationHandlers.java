package io.kq.metadata.controller;

import io.kq.metadata.decision.BrokerDecisions;
import io.kq.metadata.decision.ClusterDecisions;
import io.kq.metadata.decision.ConfigDecisions;
import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.DrainDecisions;
import io.kq.metadata.decision.ElectionResult;
import io.kq.metadata.decision.IsrDecisions;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.AddPartitions;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas;
import io.kq.metadata.decision.MetadataOperation.AlterTopicConfigs;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.DrainBroker;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.metadata.decision.MetadataOperation.ResumeBroker;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.MetadataOperation.UnregisterBroker;
import io.kq.metadata.decision.MetadataOperation.WriteCoordinators;
import io.kq.metadata.decision.MetadataOperation.WriteVoters;
import io.kq.metadata.decision.ReassignmentDecisions;
import io.kq.metadata.decision.TopicDecisions;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From a caller's operation to who decides it and how its reply is kept. */
final class OperationHandlers {

    private final TopicDecisions topics;
    private final BrokerDecisions brokers;
    private final DrainDecisions drains;
    private final IsrDecisions isrs;
    private final ReassignmentDecisions reassignments;

    OperationHandlers(TopicDecisions topics, BrokerDecisions brokers, ReplicaRules rules) {
        this.topics = topics;
        this.brokers = brokers;
        this.drains = new DrainDecisions(brokers);
        this.isrs = new IsrDecisions(rules);
        this.reassignments = new ReassignmentDecisions(rules);
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

        @Override
        public Handler<TopicCreation> onAddPartitions(AddPartitions operation) {
            return new Handler<>(
                    RequestReplies.PARTITIONS_ADDED,
                    (image, turn) -> topics.addPartitions(operation, image, turn));
        }

        @Override
        public Handler<UUID> onAlterTopicConfigs(AlterTopicConfigs operation) {
            return new Handler<>(
                    RequestReplies.TOPIC_CONFIGS,
                    (image, turn) -> ConfigDecisions.alter(operation, image));
        }

        @Override
        public Handler<Integer> onAlterReplicas(AlterReplicas operation) {
            return new Handler<>(
                    RequestReplies.REPLICAS_ALTERED,
                    (image, turn) -> reassignments.alter(operation, image));
        }

        @Override
        public Handler<Integer> onDrainBroker(DrainBroker operation) {
            return new Handler<>(
                    RequestReplies.BROKER_DRAINED,
                    (image, turn) -> drains.drain(operation.brokerId(), image, turn));
        }

        @Override
        public Handler<Integer> onResumeBroker(ResumeBroker operation) {
            return new Handler<>(
                    RequestReplies.BROKER_RESUMED,
                    (image, turn) -> drains.resume(operation.brokerId(), image, turn));
        }

        @Override
        public Handler<Integer> onUnregisterBroker(UnregisterBroker operation) {
            return new Handler<>(
                    RequestReplies.BROKER_UNREGISTERED,
                    (image, turn) -> drains.unregister(operation.brokerId(), image));
        }

        /** Done twice it has no second effect. */
        @Override
        public Handler<Long> onWriteVoters(WriteVoters operation) {
            return new Handler<>(
                    null, (image, turn) -> ClusterDecisions.writeVoters(operation, image));
        }

        /** Done twice it has no second effect. */
        @Override
        public Handler<Boolean> onWriteCoordinators(WriteCoordinators operation) {
            return new Handler<>(
                    null, (image, turn) -> ClusterDecisions.writeCoordinators(operation, image));
        }
    }
}
