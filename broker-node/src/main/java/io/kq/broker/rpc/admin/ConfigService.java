package io.kq.broker.rpc.admin;

import static io.kq.broker.rpc.admin.Mutations.fromVersion;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.kq.broker.config.Settings;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.CallContext;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.UnaryCall;
import io.kq.broker.rpc.admin.Mutations.Mutation;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.MetadataOperation.AlterTopicConfigs;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.v1.AlterConfigsRequest;
import io.kq.v1.AlterConfigsResponse;
import io.kq.v1.ConfigChange;
import io.kq.v1.ConfigEntry;
import io.kq.v1.ConfigResource;
import io.kq.v1.ConfigServiceGrpc;
import io.kq.v1.ConfigServiceGrpc.ConfigServiceImplBase;
import io.kq.v1.DescribeConfigsRequest;
import io.kq.v1.DescribeConfigsResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Configs of topics, which the active controller changes, and settings of nodes, which each node
 * tells of itself and nobody changes while it runs.
 */
public final class ConfigService extends ConfigServiceImplBase {

    /** For callers that give no deadline. */
    private static final Duration ASK_BOUND = Duration.ofSeconds(10);

    private final int nodeId;
    private final MetadataSource metadata;
    private final Mutations mutations;
    private final NodeChannels channels;
    private final ConfigEntries entries;

    /** Answers for node {@code nodeId}, which was started with {@code settings}. */
    public ConfigService(
            int nodeId,
            MetadataSource metadata,
            Mutations mutations,
            NodeChannels channels,
            Settings settings) {
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.mutations = mutations;
        this.channels = channels;
        this.entries = new ConfigEntries(settings);
    }

    @Override
    public void describeConfigs(
            DescribeConfigsRequest request, StreamObserver<DescribeConfigsResponse> observer) {
        switch (request.getResource().getType()) {
            case CONFIG_RESOURCE_TYPE_TOPIC -> {
                TopicImage topic = topic(request.getResource().getName());
                Answers.one(observer, chosen(entries.ofTopic(topic), request.getNamesList()));
            }
            case CONFIG_RESOURCE_TYPE_BROKER -> {
                int broker = broker(request.getResource());
                if (broker == nodeId) {
                    Answers.one(observer, chosen(entries.ofNode(), request.getNamesList()));
                } else {
                    Answers.unary(observer, () -> ask(broker, request), answer -> answer);
                }
            }
            case CONFIG_RESOURCE_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw noType();
        }
    }

    @Override
    public void alterConfigs(
            AlterConfigsRequest request, StreamObserver<AlterConfigsResponse> observer) {
        switch (request.getResource().getType()) {
            case CONFIG_RESOURCE_TYPE_TOPIC -> alterTopic(request, observer);
            case CONFIG_RESOURCE_TYPE_BROKER -> {
                int broker = broker(request.getResource());
                if (request.getChangesCount() > 0) {
                    throw entries.unchangeable(request.getChanges(0).getName(), broker);
                }
                Answers.one(observer, AlterConfigsResponse.getDefaultInstance());
            }
            case CONFIG_RESOURCE_TYPE_UNSPECIFIED, UNRECOGNIZED -> throw noType();
        }
    }

    private void alterTopic(
            AlterConfigsRequest request, StreamObserver<AlterConfigsResponse> observer) {
        UUID id = mutations.idOf(request.getRequestId());
        Map<String, Optional<String>> changes = new TreeMap<>();
        for (ConfigChange change : request.getChangesList()) {
            Optional<String> value =
                    change.hasValue() ? Optional.of(change.getValue()) : Optional.empty();
            if (changes.put(change.getName(), value) != null) {
                throw new RejectedException(
                                ErrorCode.INVALID_ARGUMENT,
                                "config " + change.getName() + " is named twice")
                        .with("field", "changes");
            }
        }
        String name = request.getResource().getName();
        mutations.serve(
                observer,
                new Mutation<>(
                        id,
                        request.toBuilder().setRequestId(id.toString()).build(),
                        new AlterTopicConfigs(name, changes, request.getValidateOnly()),
                        (topicId, image) ->
                                AlterConfigsResponse.newBuilder()
                                        .setVersion(image.index())
                                        .addAllWarnings(warnings(changes, topicId, image))
                                        .build(),
                        ConfigServiceGrpc.getAlterConfigsMethod(),
                        fromVersion(AlterConfigsResponse::getVersion)));
    }

    private static List<String> warnings(
            Map<String, Optional<String>> changes, UUID topicId, MetadataImage image) {
        Map<String, String> set = new TreeMap<>();
        changes.forEach((key, value) -> value.ifPresent(text -> set.put(key, text)));
        return ConfigEntries.warnings(
                set, image.topic(topicId).map(TopicImage::replicationFactor).orElse(0));
    }

    private CompletableFuture<DescribeConfigsResponse> ask(
            int broker, DescribeConfigsRequest request) {
        Optional<Channel> channel =
                CallContext.isForwarded() ? Optional.empty() : channels.toNode(broker);
        return channel.map(
                        to ->
                                UnaryCall.forward(
                                        to,
                                        ConfigServiceGrpc.getDescribeConfigsMethod(),
                                        request,
                                        CallContext.timeLeft(ASK_BOUND),
                                        nodeId))
                .orElseGet(
                        () ->
                                CompletableFuture.failedFuture(
                                        new RejectedException(
                                                ErrorCode.UNREACHABLE,
                                                "broker " + broker + " cannot be asked")));
    }

    private TopicImage topic(String name) {
        MetadataImage image = metadata.image();
        return image.topic(name).orElseThrow(() -> TopicService.notFound(name, image));
    }

    private int broker(ConfigResource resource) {
        try {
            int id = Integer.parseInt(resource.getName());
            if (metadata.image().broker(id).isPresent()) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw new RejectedException(
                            ErrorCode.INVALID_ARGUMENT,
                            "a broker is named by its id, not '" + resource.getName() + "'")
                    .with("field", "resource.name");
        }
        throw new RejectedException(
                ErrorCode.BROKER_NOT_FOUND, "No broker has the id " + resource.getName() + ".");
    }

    private static DescribeConfigsResponse chosen(List<ConfigEntry> all, List<String> names) {
        DescribeConfigsResponse.Builder answer = DescribeConfigsResponse.newBuilder();
        all.stream()
                .filter(entry -> names.isEmpty() || names.contains(entry.getName()))
                .forEach(answer::addEntries);
        return answer.build();
    }

    private static RejectedException noType() {
        return new RejectedException(
                        ErrorCode.INVALID_ARGUMENT, "the resource is neither a topic nor a broker")
                .with("field", "resource.type");
    }
}
