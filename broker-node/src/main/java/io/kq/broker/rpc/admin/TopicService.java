package io.kq.broker.rpc.admin;

import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.PageToken;
import io.kq.broker.rpc.admin.Mutations.Mutation;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.MetadataOperation.AddPartitions;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.TopicName;
import io.kq.v1.CreatePartitionsRequest;
import io.kq.v1.CreatePartitionsResponse;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.CreateTopicResponse;
import io.kq.v1.DeleteTopicRequest;
import io.kq.v1.DeleteTopicResponse;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.GetTopicResponse;
import io.kq.v1.ListTopicsRequest;
import io.kq.v1.ListTopicsResponse;
import io.kq.v1.ReplicaAssignment;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.TopicServiceGrpc.TopicServiceImplBase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

/** Topics: created and deleted by the active controller, read from this node's image. */
public final class TopicService extends TopicServiceImplBase {

    private static final int PAGE_SIZE_DEFAULT = 100;
    private static final int PAGE_SIZE_MAX = 1000;

    private static final String COLLISION_WARNING =
            "Due to limitations in metric names, topics with a period ('.') or underscore ('_')"
                    + " could collide. To avoid issues it is best to use either, but not both.";

    private final MetadataSource metadata;
    private final Mutations mutations;

    public TopicService(MetadataSource metadata, Mutations mutations) {
        this.metadata = metadata;
        this.mutations = mutations;
    }

    @Override
    public void createTopic(
            CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new CreateTopic(
                                request.getName(),
                                request.getPartitionCount(),
                                request.getReplicationFactor(),
                                assignments(request.getAssignmentsList()),
                                request.getConfigsMap(),
                                request.getValidateOnly(),
                                request.getIfNotExists()),
                        (creation, image) -> created(request, creation, image),
                        TopicServiceGrpc.getCreateTopicMethod(),
                        answer ->
                                image ->
                                        !answer.getCreated()
                                                || image.topic(answer.getTopic().getName())
                                                        .isPresent()));
    }

    private static List<List<Integer>> assignments(List<ReplicaAssignment> proto) {
        return proto.stream().map(a -> List.copyOf(a.getBrokerIdsList())).toList();
    }

    @Override
    public void getTopic(GetTopicRequest request, StreamObserver<GetTopicResponse> observer) {
        MetadataImage image = metadata.image();
        TopicImage topic =
                image.topic(request.getName())
                        .orElseThrow(() -> notFound(request.getName(), image));
        Answers.one(
                observer,
                GetTopicResponse.newBuilder().setTopic(ImageCodec.topic(topic, image)).build());
    }

    @Override
    public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
        if (request.getPageSize() < 0) {
            throw new RejectedException(ErrorCode.INVALID_ARGUMENT, "page_size is negative")
                    .with("field", "page_size");
        }
        int size =
                request.getPageSize() == 0
                        ? PAGE_SIZE_DEFAULT
                        : Math.min(request.getPageSize(), PAGE_SIZE_MAX);
        MetadataImage image = metadata.image();
        String after = PageToken.parse(request.getPageToken());
        List<TopicImage> page = new ArrayList<>();
        boolean more = false;
        for (TopicImage topic : candidates(request.getNamesList(), after, image)) {
            if (topic.internal() && request.getExcludeInternal()) {
                continue;
            }
            if (page.size() == size) {
                more = true;
                break;
            }
            page.add(topic);
        }
        ListTopicsResponse.Builder answer = ListTopicsResponse.newBuilder();
        page.forEach(topic -> answer.addTopics(ImageCodec.topic(topic, image)));
        if (more) {
            answer.setNextPageToken(PageToken.after(page.get(page.size() - 1).name()));
        }
        Answers.one(observer, answer.build());
    }

    @Override
    public void deleteTopic(
            DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new DeleteTopic(request.getName(), request.getValidateOnly()),
                        (topicId, image) ->
                                DeleteTopicResponse.newBuilder()
                                        .setTopicId(ImageCodec.id(topicId))
                                        .build(),
                        TopicServiceGrpc.getDeleteTopicMethod(),
                        answer -> {
                            UUID gone = ImageCodec.uuid(answer.getTopicId());
                            return image ->
                                    request.getValidateOnly()
                                            || !image.topicNames().containsKey(gone);
                        }));
    }

    @Override
    public void createPartitions(
            CreatePartitionsRequest request, StreamObserver<CreatePartitionsResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new AddPartitions(
                                request.getName(),
                                request.getPartitionCount(),
                                assignments(request.getAssignmentsList()),
                                request.getValidateOnly()),
                        (added, image) ->
                                CreatePartitionsResponse.newBuilder()
                                        .setTopic(ImageCodec.topic(grown(added, image), image))
                                        .build(),
                        TopicServiceGrpc.getCreatePartitionsMethod(),
                        answer -> {
                            UUID topicId = ImageCodec.uuid(answer.getTopic().getTopicId());
                            int count = answer.getTopic().getPartitionsCount();
                            return image ->
                                    request.getValidateOnly()
                                            || image.topic(topicId)
                                                    .map(t -> t.partitions().size() >= count)
                                                    .orElse(true);
                        }));
    }

    /** The topic with its new partitions, which are imagined if they were only validated. */
    private static TopicImage grown(TopicCreation added, MetadataImage image) {
        TopicImage topic =
                image.topic(added.topicId())
                        .orElseGet(
                                () ->
                                        new TopicImage(
                                                added.topicId(),
                                                added.name(),
                                                List.of(),
                                                Map.of(),
                                                false,
                                                0));
        if (added.created()) {
            return topic;
        }
        List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
        partitions.addAll(imagined(added.assignments()));
        return new TopicImage(
                topic.id(),
                topic.name(),
                partitions,
                topic.configs(),
                topic.internal(),
                topic.createdAtMillis());
    }

    private static CreateTopicResponse created(
            CreateTopicRequest request, TopicCreation creation, MetadataImage image) {
        CreateTopicResponse.Builder answer =
                CreateTopicResponse.newBuilder().setCreated(creation.created());
        TopicImage topic =
                image.topic(creation.name())
                        .filter(known -> known.id().equals(creation.topicId()))
                        .orElseGet(() -> imagined(request, creation));
        answer.setTopic(ImageCodec.topic(topic, image));
        if (TopicName.canCollide(creation.name())) {
            answer.addWarnings(COLLISION_WARNING);
        }
        answer.addAllWarnings(
                ConfigEntries.warnings(request.getConfigsMap(), topic.replicationFactor()));
        return answer.build();
    }

    /** A topic that was only validated, or is already deleted again, as it would be. */
    private static TopicImage imagined(CreateTopicRequest request, TopicCreation creation) {
        return new TopicImage(
                creation.topicId(),
                creation.name(),
                imagined(creation.assignments()),
                request.getConfigsMap(),
                false,
                0);
    }

    private static List<PartitionImage> imagined(List<List<Integer>> assignments) {
        return assignments.stream()
                .map(
                        replicas ->
                                new PartitionImage(
                                        replicas,
                                        replicas,
                                        List.of(),
                                        PartitionImage.NO_LEADER,
                                        0,
                                        0))
                .toList();
    }

    private static Collection<TopicImage> candidates(
            List<String> names, String after, MetadataImage image) {
        if (names.isEmpty()) {
            return after.isEmpty()
                    ? image.topics().values()
                    : image.topics().tailMap(after, false).values();
        }
        List<TopicImage> found = new ArrayList<>();
        for (String name : new TreeSet<>(names).tailSet(after, after.isEmpty())) {
            image.topic(name).ifPresent(found::add);
        }
        return found;
    }

    static RejectedException notFound(String name, MetadataImage image) {
        RejectedException refusal =
                new RejectedException(
                                ErrorCode.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist")
                        .with("name", name);
        return Suggestion.nearest(name, image.topics().keySet())
                .map(meant -> refusal.with("suggestion", meant))
                .orElse(refusal);
    }
}
