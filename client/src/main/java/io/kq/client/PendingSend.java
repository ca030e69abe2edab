package io.kq.client;

import io.kq.client.batch.SendCallback;
import io.kq.protocol.RejectedException;
import java.util.concurrent.CompletableFuture;

/** A send that is not done: the caller's future, and all that the producer keeps per record. */
final class PendingSend extends CompletableFuture<RecordMetadata> implements SendCallback {

    private final String topic;
    private final long timestampMillis;

    PendingSend(String topic, long timestampMillis) {
        this.topic = topic;
        this.timestampMillis = timestampMillis;
    }

    @Override
    public void onAcknowledged(int partition, long offset) {
        boolean unused = complete(new RecordMetadata(topic, partition, offset, timestampMillis));
    }

    @Override
    public void onFailed(RejectedException why) {
        boolean unused = completeExceptionally(why);
    }
}
