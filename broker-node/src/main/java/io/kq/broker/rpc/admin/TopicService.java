package io.kq.broker.rpc.admin;

import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.UnaryCall;
import io.kq.metadata.MetadataSource;
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
import io.kq.protocol.config.TopicConfig;
import io.kq.runtime.RandomSource;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Topics: created and deleted by the active controller, read from this node's image. */
public final class TopicService extends TopicServiceImplBase {

    private static final int PAGE_SIZE_DEFAULT = 100;
    private static final int PAGE_SIZE_MAX = 1000;

    /** For callers that give no deadline. */
    private static final Duration MUTATION_BOUND = Duration.ofSeconds(30);

    /** How long this node's image may stay behind before the caller is answered anyway. */
    private static final Duration CATCH_UP_BOUND = Duration.ofSeconds(2);

    private static final String COLLISION_WARNING =
            "Due to limitations in metric names, topics with a period ('.') or underscore ('_')"
                    + " could collide. To avoid issues it is best to use either, but not both.";

    private final MetadataSource metadata;
    private final ControllerCalls controller;
    private final ImageWaits waits;
    private final RequestIds requestIds;

    /** Topics of {@code metadata}; {@code random} is for request ids that callers leave out. */
    public TopicService(
            MetadataSource metadata,
            ControllerCalls controller,
            ImageWaits waits,
            RandomSource random) {
        this.metadata = metadata;
        this.controller = controller;
        this.waits = waits;
        this.requestIds = new RequestIds(random);
    }

    @Override
    public void createTopic(
            CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
        UUID requestId = requestIds.parse(request.getRequestId());
        CreateTopicRequest repeatable =
                request.toBuilder().setRequestId(requestId.toString()).build();
        Answers.unary(
                observer,
                () ->
                        controller
                                .forCaller(creation(requestId, repeatable), MUTATION_BOUND)
                                .thenCompose(this::whenShown),
                answer -> answer);
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
        UUID requestId = requestIds.parse(request.getRequestId());
        DeleteTopicRequest repeatable =
                request.toBuilder().setRequestId(requestId.toString()).build();
        Answers.unary(
                observer,
                () ->
                        controller
                                .forCaller(deletion(requestId, repeatable), MUTATION_BOUND)
                                .thenCompose(
                                        answer ->
                                                request.getValidateOnly()
                                                        ? done(answer)
                                                        : whenGone(answer)),
                answer -> answer);
    }

    @Override
    public void createPartitions(
            CreatePartitionsRequest request, StreamObserver<CreatePartitionsResponse> observer) {
        throw new RejectedException(
                ErrorCode.UNSUPPORTED, "adding partitions is not supported in this version");
    }

    private ControllerCalls.Work<CreateTopicResponse> creation(
            UUID requestId, CreateTopicRequest request) {
        CreateTopic operation =
                new CreateTopic(
                        request.getName(),
                        request.getPartitionCount(),
                        request.getReplicationFactor(),
                        request.getAssignmentsList().stream()
                                .map(ReplicaAssignment::getBrokerIdsList)
                                .toList(),
                        request.getConfigsMap(),
                        request.getValidateOnly(),
                        request.getIfNotExists());
        return new ControllerCalls.Work<>(
                voter ->
                        voter.submit(Optional.of(requestId), operation)
                                .thenApply(creation -> created(request, creation, voter.image())),
                (channel, time) ->
                        UnaryCall.forward(
                                channel,
                                TopicServiceGrpc.getCreateTopicMethod(),
                                request,
                                time,
                                controller.nodeId()));
    }

    private ControllerCalls.Work<DeleteTopicResponse> deletion(
            UUID requestId, DeleteTopicRequest request) {
        DeleteTopic operation = new DeleteTopic(request.getName(), request.getValidateOnly());
        return new ControllerCalls.Work<>(
                voter ->
                        voter.submit(Optional.of(requestId), operation)
                                .thenApply(
                                        id ->
                                                DeleteTopicResponse.newBuilder()
                                                        .setTopicId(ImageCodec.id(id))
                                                        .build()),
                (channel, time) ->
                        UnaryCall.forward(
                                channel,
                                TopicServiceGrpc.getDeleteTopicMethod(),
                                request,
                                time,
                                controller.nodeId()));
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
        answer.addAllWarnings(TopicConfig.warnings(request.getConfigsMap()));
        return answer.build();
    }

    /** A topic that was only validated, or is already deleted again, as it would be. */
    private static TopicImage imagined(CreateTopicRequest request, TopicCreation creation) {
        List<PartitionImage> partitions =
                creation.assignments().stream()
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
        return new TopicImage(
                creation.topicId(), creation.name(), partitions, request.getConfigsMap(), false, 0);
    }

    private CompletableFuture<CreateTopicResponse> whenShown(CreateTopicResponse answer) {
        if (!answer.getCreated()) {
            return done(answer);
        }
        String name = answer.getTopic().getName();
        return waits.until(image -> image.topic(name).isPresent(), CATCH_UP_BOUND)
                .thenApply(shown -> answer);
    }

    private CompletableFuture<DeleteTopicResponse> whenGone(DeleteTopicResponse answer) {
        UUID id = ImageCodec.uuid(answer.getTopicId());
        return waits.until(image -> !image.topicNames().containsKey(id), CATCH_UP_BOUND)
                .thenApply(gone -> answer);
    }

    private static <T> CompletableFuture<T> done(T answer) {
        return CompletableFuture.completedFuture(answer);
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

    private static RejectedException notFound(String name, MetadataImage image) {
        RejectedException refusal =
                new RejectedException(
                                ErrorCode.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist")
                        .with("name", name);
        return Suggestion.nearest(name, image.topics().keySet())
                .map(meant -> refusal.with("suggestion", meant))
                .orElse(refusal);
    }
}
