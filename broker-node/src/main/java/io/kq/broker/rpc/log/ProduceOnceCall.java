package io.kq.broker.rpc.log;

import io.kq.broker.rpc.InflightBudget;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceOnceRequest;
import io.kq.v1.ProduceOnceResponse;
import io.kq.v1.ProduceResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One ProduceOnce call: answered when all its batches are, in their order. */
final class ProduceOnceCall implements PendingBatch.Completions {

    private final CompletableFuture<ProduceOnceResponse> answer = new CompletableFuture<>();
    private final List<PendingBatch> batches = new ArrayList<>();
    private final AtomicInteger missing;

    private ProduceOnceCall(int batchCount) {
        this.missing = new AtomicInteger(batchCount);
    }

    /** On the call's event loop. */
    static CompletableFuture<ProduceOnceResponse> start(
            LogRooms rooms,
            CallOrigin origin,
            InflightBudget.Share share,
            ProduceOnceRequest request) {
        ProduceOnceCall call = new ProduceOnceCall(request.getBatchesCount());
        BatchIntake intake = new BatchIntake(rooms, origin);
        intake.begin();
        try {
            call.take(request, intake, share);
        } finally {
            intake.end();
        }
        intake.complete();
        if (request.getBatchesCount() == 0) {
            call.finish();
        }
        return call.answer;
    }

    private void take(ProduceOnceRequest request, BatchIntake intake, InflightBudget.Share share) {
        boolean charged = share.tryTake(request.getSerializedSize());
        for (ProduceBatch batch : request.getBatchesList()) {
            ProduceFrame.Entry entry = ProduceFrame.Entry.of(batch);
            PendingBatch pending = new PendingBatch(this, entry, 0);
            batches.add(pending);
            if (charged) {
                intake.take(entry, pending);
            } else {
                pending.fail(
                        new RejectedException(
                                ErrorCode.OVERLOADED, "the node has too many batches in flight"));
            }
        }
    }

    @Override
    public void completed(PendingBatch batch) {
        if (missing.decrementAndGet() == 0) {
            finish();
        }
    }

    private void finish() {
        ProduceOnceResponse.Builder response = ProduceOnceResponse.newBuilder();
        for (PendingBatch batch : batches) {
            ProduceResult result = batch.result();
            if (result != null) {
                response.addResults(result);
            }
        }
        answer.complete(response.build());
    }

    /** The answer went out when the last batch had its outcome. */
    @Override
    public void send() {}
}
