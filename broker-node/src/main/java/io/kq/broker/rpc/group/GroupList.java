package io.kq.broker.rpc.group;

import io.kq.broker.rpc.PageToken;
import io.kq.metadata.coordinator.ShardOperation;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.ShardImage;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.GroupState;
import io.kq.v1.GroupSummary;
import io.kq.v1.ListGroupsRequest;
import io.kq.v1.ListGroupsResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One list of groups: a page of each shard, and of all of them together the first so many. */
final class GroupList {

    private final GroupRoutes routes;
    private final ListGroupsRequest request;
    private final int size;
    private final String after;

    /**
     * @param size of the page
     * @param after the name that the page begins behind
     */
    GroupList(GroupRoutes routes, ListGroupsRequest request, int size, String after) {
        this.routes = routes;
        this.request = request;
        this.size = size;
        this.after = after;
    }

    CompletableFuture<ListGroupsResponse> run() {
        List<CompletableFuture<ListGroupsResponse>> pages = new ArrayList<>();
        for (int shard : shards()) {
            pages.add(page(shard));
        }
        return CompletableFuture.allOf(pages.toArray(CompletableFuture[]::new))
                .thenApply(done -> merged(pages.stream().map(CompletableFuture::join).toList()));
    }

    private List<Integer> shards() {
        List<Integer> shards = new ArrayList<>(new HashSet<>(request.getShardsList()));
        shards.removeIf(shard -> shard < 0 || shard >= routes.shardCount());
        if (request.getShardsCount() == 0) {
            for (int shard = 0; shard < routes.shardCount(); shard++) {
                shards.add(shard);
            }
        }
        return shards;
    }

    private CompletableFuture<ListGroupsResponse> page(int shard) {
        ListGroupsRequest one = request.toBuilder().clearShards().addShards(shard).build();
        return routes.unary(
                shard,
                (coordinator, decisions) -> coordinator.submit(ShardOperation.read(this::page)),
                GroupServiceGrpc.getListGroupsMethod(),
                one);
    }

    private ListGroupsResponse page(ShardImage image) {
        Set<GroupState> states = new HashSet<>(request.getStatesList());
        List<GroupSummary> all = new ArrayList<>();
        for (GroupImage known : image.groups().tailMap(after, false).values()) {
            GroupSummary summary = GroupCodec.summary(known.group(), routes.nodeId());
            if (states.isEmpty() || states.contains(summary.getState())) {
                all.add(summary);
                if (all.size() > size) {
                    break;
                }
            }
        }
        return cut(all, false);
    }

    private ListGroupsResponse merged(List<ListGroupsResponse> pages) {
        List<GroupSummary> all = new ArrayList<>();
        pages.forEach(page -> all.addAll(page.getGroupsList()));
        all.sort(Comparator.comparing(GroupSummary::getGroup));
        return cut(all, pages.stream().anyMatch(page -> !page.getNextPageToken().isEmpty()));
    }

    private ListGroupsResponse cut(List<GroupSummary> all, boolean more) {
        List<GroupSummary> page = all.subList(0, Math.min(size, all.size()));
        ListGroupsResponse.Builder answer = ListGroupsResponse.newBuilder().addAllGroups(page);
        if (more || all.size() > size) {
            answer.setNextPageToken(PageToken.after(page.get(page.size() - 1).getGroup()));
        }
        return answer.build();
    }
}
