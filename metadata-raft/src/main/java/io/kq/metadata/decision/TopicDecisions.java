package io.kq.metadata.decision;

import io.kq.metadata.decision.MetadataOperation.AddPartitions;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.BrokerLoads;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.TopicName;
import io.kq.protocol.config.TopicConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Creation and deletion of topics. Pure but for the ids of new topics. */
public final class TopicDecisions {

    /** Partitions of one topic: a batch of records must hold them. */
    static final int PARTITION_COUNT_MAX = 10_000;

    private static final UUID NO_TOPIC = new UUID(0, 0);

    private final TopicDefaults defaults;

    public TopicDecisions(TopicDefaults defaults) {
        this.defaults = defaults;
    }

    public Decision<TopicCreation> create(CreateTopic operation, MetadataImage image, Turn turn) {
        String name = operation.name();
        checkName(name);
        Optional<TopicImage> existing = image.topic(name);
        if (existing.isPresent()) {
            if (operation.ifNotExists()) {
                return Decision.nothing(creation(existing.get(), false));
            }
            throw new RejectedException(
                    ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        checkCollision(name, image);
        Map<String, String> configs = TopicConfig.normalizeAll(operation.configs());
        List<List<Integer>> assignments =
                operation.assignments().isEmpty()
                        ? placed(operation, configs, image, turn)
                        : given(operation, image);
        if (operation.validateOnly()) {
            return Decision.nothing(new TopicCreation(NO_TOPIC, name, false, assignments));
        }
        if (!operation.assignments().isEmpty()) {
            BrokerLoads loads = turn.loads(image);
            assignments.forEach(loads::add);
        }
        UUID id = unusedId(image, turn);
        return Decision.of(
                List.of(
                        new TopicCreated(
                                id,
                                name,
                                assignments.stream()
                                        .map(r -> Assignments.firstState(r, image))
                                        .toList(),
                                configs,
                                false,
                                turn.nowMillis())),
                new TopicCreation(id, name, true, assignments));
    }

    /** Adds partitions to a topic; those that it has stay where they are. */
    public Decision<TopicCreation> addPartitions(
            AddPartitions operation, MetadataImage image, Turn turn) {
        TopicImage topic =
                image.topic(operation.name()).orElseThrow(() -> notFound(operation.name(), image));
        int present = topic.partitions().size();
        checkGrowth(operation, present);
        int added = operation.partitionCount() - present;
        int replicationFactor = topic.replicationFactor();
        List<List<Integer>> assignments = operation.assignments();
        BrokerLoads loads = operation.validateOnly() ? BrokerLoads.of(image) : turn.loads(image);
        if (assignments.isEmpty()) {
            assignments = Assignments.place(image, loads, added, replicationFactor, topic.minIsr());
        } else if (assignments.size() != added) {
            throw new RejectedException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "There are "
                            + assignments.size()
                            + " assignment(s) for "
                            + added
                            + " new partition(s).");
        } else {
            Assignments.check(assignments, present, replicationFactor, image);
            assignments.forEach(loads::add);
        }
        TopicCreation reply =
                new TopicCreation(topic.id(), topic.name(), !operation.validateOnly(), assignments);
        return operation.validateOnly()
                ? Decision.nothing(reply)
                : Decision.of(
                        List.of(
                                new PartitionsAdded(
                                        topic.id(),
                                        present,
                                        assignments.stream()
                                                .map(r -> Assignments.firstState(r, image))
                                                .toList())),
                        reply);
    }

    private static void checkGrowth(AddPartitions operation, int present) {
        int wanted = operation.partitionCount();
        checkPartitionCount(wanted);
        if (wanted <= present) {
            throw new RejectedException(
                    ErrorCode.INVALID_PARTITIONS,
                    "Topic '"
                            + operation.name()
                            + "' has "
                            + present
                            + " partition(s); "
                            + (wanted == present
                                    ? "that is what it has."
                                    : "it cannot have less."));
        }
    }

    public Decision<UUID> delete(DeleteTopic operation, MetadataImage image, Turn turn) {
        TopicImage topic =
                image.topic(operation.name()).orElseThrow(() -> notFound(operation.name(), image));
        if (operation.validateOnly()) {
            return Decision.nothing(topic.id());
        }
        turn.forgetLoads();
        return Decision.of(List.of(new TopicDeleted(topic.id())), topic.id());
    }

    public static TopicCreation creation(TopicImage topic, boolean created) {
        return new TopicCreation(
                topic.id(),
                topic.name(),
                created,
                topic.partitions().stream().map(PartitionImage::replicas).toList());
    }

    static RejectedException notFound(String name, MetadataImage image) {
        RejectedException unknown =
                new RejectedException(
                        ErrorCode.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist.");
        return Suggestion.nearest(name, image.topics().keySet())
                .map(near -> unknown.with("suggestion", near))
                .orElse(unknown);
    }

    private static void checkName(String name) {
        TopicName.problem(name)
                .ifPresent(
                        problem -> {
                            throw new RejectedException(ErrorCode.INVALID_TOPIC_NAME, problem);
                        });
    }

    private static void checkCollision(String name, MetadataImage image) {
        if (!TopicName.canCollide(name)) {
            return;
        }
        for (String other : image.topics().keySet()) {
            if (TopicName.canCollide(other) && TopicName.collide(name, other)) {
                throw new RejectedException(
                                ErrorCode.TOPIC_NAME_COLLISION,
                                "Topic '"
                                        + name
                                        + "' collides with topic '"
                                        + other
                                        + "': '.' and '_' are one in names of metrics.")
                        .with("topic", other);
            }
        }
    }

    private List<List<Integer>> placed(
            CreateTopic operation, Map<String, String> configs, MetadataImage image, Turn turn) {
        int partitionCount =
                operation.partitionCount() == 0
                        ? defaults.partitionCount()
                        : operation.partitionCount();
        checkPartitionCount(partitionCount);
        int replicationFactor =
                operation.replicationFactor() == 0
                        ? defaults.replicationFactor(image.brokers().size())
                        : operation.replicationFactor();
        BrokerLoads loads = operation.validateOnly() ? BrokerLoads.of(image) : turn.loads(image);
        return Assignments.place(
                image,
                loads,
                partitionCount,
                replicationFactor,
                TopicConfig.minInsyncReplicas(configs, replicationFactor));
    }

    private static void checkPartitionCount(int count) {
        if (count < 1 || count > PARTITION_COUNT_MAX) {
            throw new RejectedException(
                            ErrorCode.INVALID_PARTITIONS,
                            "A topic has 1 to "
                                    + PARTITION_COUNT_MAX
                                    + " partitions, not "
                                    + count
                                    + ".")
                    .with("limit", Integer.toString(PARTITION_COUNT_MAX));
        }
    }

    private List<List<Integer>> given(CreateTopic operation, MetadataImage image) {
        if (operation.partitionCount() != 0 || operation.replicationFactor() != 0) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "With an assignment the number of partitions and replicas follows from it:"
                            + " leave both out.");
        }
        List<List<Integer>> assignments = operation.assignments();
        checkPartitionCount(assignments.size());
        Assignments.check(assignments, 0, assignments.get(0).size(), image);
        return assignments;
    }

    private static UUID unusedId(MetadataImage image, Turn turn) {
        UUID id = turn.random().nextUuid();
        while (image.topicNames().containsKey(id)) {
            id = turn.random().nextUuid();
        }
        return id;
    }
}
