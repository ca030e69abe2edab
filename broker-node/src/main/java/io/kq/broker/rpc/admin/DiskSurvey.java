package io.kq.broker.rpc.admin;

import io.kq.broker.rpc.DiskUse;
import io.kq.broker.rpc.DiskUseCodec;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.UnaryCall;
import io.kq.internal.v1.DescribeStorageRequest;
import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.internal.v1.StorageServiceGrpc;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks brokers how full their disks are; one that does not answer soon stays unknown. */
public final class DiskSurvey {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final DescribeStorageResponse UNKNOWN =
            DescribeStorageResponse.newBuilder().setUsedBytes(-1).setFreeBytes(-1).build();

    private final int nodeId;
    private final DiskUse own;
    private final NodeChannels channels;

    /** Asks from node {@code nodeId}, whose own disks are {@code own}. */
    public DiskSurvey(int nodeId, DiskUse own, NodeChannels channels) {
        this.nodeId = nodeId;
        this.own = own;
        this.channels = channels;
    }

    /** By broker id; never fails. */
    CompletableFuture<Map<Integer, DescribeStorageResponse>> ask(Collection<Integer> brokers) {
        Map<Integer, CompletableFuture<DescribeStorageResponse>> asked = new LinkedHashMap<>();
        brokers.forEach(id -> asked.put(id, ask(id)));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(
                        all -> {
                            Map<Integer, DescribeStorageResponse> answers = new LinkedHashMap<>();
                            asked.forEach((id, answer) -> answers.put(id, answer.join()));
                            return answers;
                        });
    }

    private CompletableFuture<DescribeStorageResponse> ask(int brokerId) {
        if (brokerId == nodeId) {
            return CompletableFuture.completedFuture(DiskUseCodec.toProto(own.directories()));
        }
        return channels.toNode(brokerId)
                .map(
                        channel ->
                                UnaryCall.ask(
                                                channel,
                                                StorageServiceGrpc.getDescribeStorageMethod(),
                                                DescribeStorageRequest.getDefaultInstance(),
                                                TIMEOUT)
                                        .exceptionally(unreachable -> UNKNOWN))
                .orElseGet(() -> CompletableFuture.completedFuture(UNKNOWN));
    }
}
