package io.kq.broker.rpc.group;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.Answers;
import io.kq.broker.rpc.PageToken;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.coordinator.GroupDecisions.Commit;
import io.kq.metadata.coordinator.ShardOperation;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.ShardImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.RandomSource;
import io.kq.v1.CommitOffsetsRequest;
import io.kq.v1.CommitOffsetsResponse;
import io.kq.v1.DeleteGroupRequest;
import io.kq.v1.DeleteGroupResponse;
import io.kq.v1.DeleteOffsetsRequest;
import io.kq.v1.DeleteOffsetsResponse;
import io.kq.v1.FetchOffsetsRequest;
import io.kq.v1.FetchOffsetsResponse;
import io.kq.v1.GetGroupRequest;
import io.kq.v1.GetGroupResponse;
import io.kq.v1.GroupOffset;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.GroupServiceGrpc.GroupServiceImplBase;
import io.kq.v1.ListGroupsRequest;
import io.kq.v1.ListGroupsResponse;
import io.kq.v1.SessionRequest;
import io.kq.v1.SessionResponse;
import io.kq.v1.TopicPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code kq.v1.GroupService} on this node, for the client port and the node port. Any thread. */
public final class GroupService extends GroupServiceImplBase {

    private static final int PAGE_SIZE_DEFAULT = 100;
    private static final int PAGE_SIZE_MAX = 1000;

    private final GroupRoutes routes;
    private final GroupCodec codec;
    private final MemberIds memberIds;

    private GroupService(GroupRoutes routes, MetadataSource metadata, RandomSource random) {
        this.routes = routes;
        this.codec = new GroupCodec(metadata::image);
        this.memberIds = new MemberIds(random);
    }

    /** The service, ready to be added to a server. */
    public static BindableService of(
            GroupRoutes routes, MetadataSource metadata, RandomSource random) {
        GroupService service = new GroupService(routes, metadata, random);
        ServerServiceDefinition definition =
                ServerInterceptors.intercept(service, GroupCaller.interceptor());
        return () -> definition;
    }

    @Override
    public StreamObserver<SessionRequest> session(StreamObserver<SessionResponse> observer) {
        return new SessionCall(
                routes,
                codec,
                memberIds,
                GroupCaller.current(),
                (ServerCallStreamObserver<SessionResponse>) observer);
    }

    /** Has {@code work} done where the group is coordinated, and answers with what it comes to. */
    private <Q, A> void serve(
            StreamObserver<A> observer,
            String group,
            GroupRoutes.Work<A> work,
            MethodDescriptor<Q, A> method,
            Q request) {
        int shard = routes.shardOf(GroupChecks.group(group));
        Answers.unary(
                observer, () -> routes.unary(shard, work, method, request), Function.identity());
    }

    @Override
    public void commitOffsets(
            CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> observer) {
        Map<TopicIdPartition, Commit> commits = new HashMap<>();
        for (GroupOffset offset : request.getOffsetsList()) {
            commits.put(codec.partition(offset), GroupCodec.commit(offset));
        }
        boolean validates = request.getValidateOnly();
        serve(
                observer,
                request.getGroup(),
                (coordinator, decisions) ->
                        coordinator
                                .submit(
                                        decisions.setOffsets(
                                                request.getGroup(), commits, validates))
                                .thenApply(done -> CommitOffsetsResponse.getDefaultInstance()),
                GroupServiceGrpc.getCommitOffsetsMethod(),
                request);
    }

    @Override
    public void fetchOffsets(
            FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> observer) {
        Set<TopicIdPartition> wanted = new HashSet<>();
        for (TopicPartition partition : request.getPartitionsList()) {
            wanted.add(codec.partition(partition.getTopic(), partition.getPartition()));
        }
        serve(
                observer,
                request.getGroup(),
                (coordinator, decisions) ->
                        coordinator.submit(
                                ShardOperation.read(
                                        image ->
                                                offsets(
                                                        existing(image, request.getGroup()),
                                                        wanted))),
                GroupServiceGrpc.getFetchOffsetsMethod(),
                request);
    }

    private FetchOffsetsResponse offsets(GroupImage group, Set<TopicIdPartition> wanted) {
        Map<TopicIdPartition, CommittedOffset> offsets = new HashMap<>(group.offsets());
        if (!wanted.isEmpty()) {
            offsets.keySet().retainAll(wanted);
        }
        return FetchOffsetsResponse.newBuilder().addAllOffsets(codec.offsets(offsets)).build();
    }

    private static GroupImage existing(ShardImage image, String group) {
        return image.group(group)
                .orElseThrow(
                        () ->
                                new RejectedException(
                                                ErrorCode.GROUP_NOT_FOUND,
                                                "Consumer group '" + group + "' does not exist.")
                                        .with("name", group));
    }

    @Override
    public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> observer) {
        if (request.getPageSize() < 0) {
            throw GroupChecks.invalid("page_size", "page_size is negative");
        }
        int size =
                request.getPageSize() == 0
                        ? PAGE_SIZE_DEFAULT
                        : Math.min(request.getPageSize(), PAGE_SIZE_MAX);
        String after = PageToken.parse(request.getPageToken());
        Answers.unary(
                observer,
                () -> new GroupList(routes, request, size, after).run(),
                Function.identity());
    }

    @Override
    public void getGroup(GetGroupRequest request, StreamObserver<GetGroupResponse> observer) {
        serve(
                observer,
                request.getGroup(),
                (coordinator, decisions) ->
                        coordinator.submit(
                                ShardOperation.read(
                                        image ->
                                                codec.description(
                                                        existing(image, request.getGroup()),
                                                        routes.nodeId()))),
                GroupServiceGrpc.getGetGroupMethod(),
                request);
    }

    @Override
    public void deleteGroup(
            DeleteGroupRequest request, StreamObserver<DeleteGroupResponse> observer) {
        serve(
                observer,
                request.getGroup(),
                (coordinator, decisions) ->
                        coordinator
                                .submit(decisions.delete(request.getGroup()))
                                .thenApply(done -> DeleteGroupResponse.getDefaultInstance()),
                GroupServiceGrpc.getDeleteGroupMethod(),
                request);
    }

    @Override
    public void deleteOffsets(
            DeleteOffsetsRequest request, StreamObserver<DeleteOffsetsResponse> observer) {
        Set<TopicIdPartition> partitions = new HashSet<>();
        for (TopicPartition partition : request.getPartitionsList()) {
            partitions.add(codec.partition(partition.getTopic(), partition.getPartition()));
        }
        serve(
                observer,
                request.getGroup(),
                (coordinator, decisions) ->
                        coordinator
                                .submit(decisions.deleteOffsets(request.getGroup(), partitions))
                                .thenApply(
                                        deleted ->
                                                DeleteOffsetsResponse.newBuilder()
                                                        .addAllDeleted(codec.named(deleted))
                                                        .build()),
                GroupServiceGrpc.getDeleteOffsetsMethod(),
                request);
    }
}
