package io.kq.client.rpc.group;

import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupListing;
import io.kq.client.group.GroupOffset;
import io.kq.client.rpc.UnaryCalls;
import io.kq.protocol.TopicPartition;
import io.kq.v1.CommitOffsetsRequest;
import io.kq.v1.DeleteGroupRequest;
import io.kq.v1.DeleteOffsetsRequest;
import io.kq.v1.GetGroupRequest;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.ListGroupsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** The calls about groups in the client's own values. Any thread; futures complete on the loop. */
public final class GroupCalls {

    private static final int PAGE_SIZE = 1000;

    private final UnaryCalls calls;

    public GroupCalls(UnaryCalls calls) {
        this.calls = calls;
    }

    /** All pages. */
    public CompletableFuture<List<GroupListing>> list() {
        return list(new ArrayList<>(), "");
    }

    private CompletableFuture<List<GroupListing>> list(List<GroupListing> before, String token) {
        ListGroupsRequest request =
                ListGroupsRequest.newBuilder().setPageSize(PAGE_SIZE).setPageToken(token).build();
        return calls.call(GroupServiceGrpc.getListGroupsMethod(), request)
                .thenCompose(
                        page -> {
                            page.getGroupsList()
                                    .forEach(one -> before.add(GroupMapping.listing(one)));
                            return page.getNextPageToken().isEmpty()
                                    ? CompletableFuture.completedFuture(List.copyOf(before))
                                    : list(before, page.getNextPageToken());
                        });
    }

    public CompletableFuture<GroupDescription> describe(String group) {
        return calls.call(
                        GroupServiceGrpc.getGetGroupMethod(),
                        GetGroupRequest.newBuilder().setGroup(group).build())
                .thenApply(GroupMapping::description);
    }

    public CompletableFuture<Void> delete(String group) {
        return calls.call(
                        GroupServiceGrpc.getDeleteGroupMethod(),
                        DeleteGroupRequest.newBuilder().setGroup(group).build())
                .thenApply(done -> null);
    }

    /** Answers those of which there was an offset. */
    public CompletableFuture<Set<TopicPartition>> deleteOffsets(
            String group, Set<TopicPartition> partitions) {
        DeleteOffsetsRequest.Builder request = DeleteOffsetsRequest.newBuilder().setGroup(group);
        partitions.forEach(partition -> request.addPartitions(GroupMapping.toProto(partition)));
        return calls.call(GroupServiceGrpc.getDeleteOffsetsMethod(), request.build())
                .thenApply(
                        done -> {
                            Set<TopicPartition> deleted = new TreeSet<>();
                            done.getDeletedList()
                                    .forEach(one -> deleted.add(GroupMapping.partition(one)));
                            return deleted;
                        });
    }

    /** Sets offsets of a group without members. */
    public CompletableFuture<Void> setOffsets(
            String group, Map<TopicPartition, GroupOffset> offsets, boolean validateOnly) {
        CommitOffsetsRequest.Builder request =
                CommitOffsetsRequest.newBuilder().setGroup(group).setValidateOnly(validateOnly);
        offsets.forEach(
                (partition, offset) -> request.addOffsets(GroupMapping.toProto(partition, offset)));
        return calls.call(GroupServiceGrpc.getCommitOffsetsMethod(), request.build())
                .thenApply(done -> null);
    }
}
