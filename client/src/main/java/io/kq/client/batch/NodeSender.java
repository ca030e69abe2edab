package io.kq.client.batch;

import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream to one node: packs batches of several partitions into messages, and gives each answer
 * to the partition it belongs to. On the loop.
 */
final class NodeSender implements ProduceLink.Listener {

    /** A message is sent when it has reached this; below it, at the end of the loop's turn. */
    private static final int MESSAGE_BYTES = 256 * 1024;

    /** Told of what changes for the sender as a whole. */
    interface Owner {
        /** There may be something to send again. */
        void stir();

        /** The node has answered for the first time. */
        void works(NodeAddress address);

        /** The stream is over. */
        void closed(NodeSender node, boolean usable);
    }

    private record Attempt(
            PartitionSender partition, ProducerBatch batch, Message message, long sentNanos) {}

    /** Counts the answers that a message still waits for. */
    private static final class Message {
        private int unanswered;
    }

    private final NodeAddress address;
    private final ProducerSettings settings;
    private final Owner owner;
    private final NowNanos clock;

    /** By correlation id, oldest first. */
    private final Map<Long, Attempt> attempts = new LinkedHashMap<>();

    private final List<OutgoingBatch> gathered = new ArrayList<>();
    private final List<ProducerBatch> unanswerable = new ArrayList<>();
    private final List<PartitionSender> unanswerablePartitions = new ArrayList<>();
    private Message message = new Message();
    private int gatheredBytes;
    private int unansweredMessages;
    private boolean answeredEver;
    private @Nullable ProduceLink link;

    /** The loop's time. */
    @FunctionalInterface
    interface NowNanos {
        long nanoTime();
    }

    NodeSender(NodeAddress address, ProducerSettings settings, Owner owner, NowNanos clock) {
        this.address = address;
        this.settings = settings;
        this.owner = owner;
        this.clock = clock;
    }

    void open(ProduceLinks links) {
        link = links.open(address, this);
    }

    NodeAddress address() {
        return address;
    }

    boolean isReady() {
        ProduceLink current = link;
        return current != null && current.isReady();
    }

    /** Messages that have not been answered as a whole. */
    int unansweredMessages() {
        return unansweredMessages;
    }

    /** Adds a batch to the message that is being gathered, and sends that if it is large enough. */
    void add(PartitionSender partition, ProducerBatch batch, long correlationId, long nowNanos) {
        batch.sending(correlationId);
        OutgoingBatch outgoing =
                new OutgoingBatch(
                        correlationId,
                        partition.topic(),
                        partition.topicId(),
                        partition.queue().partition(),
                        batch.bytes(settings.codec()));
        int bytes = outgoing.bytes().remaining();
        if (!gathered.isEmpty() && gatheredBytes + bytes > ProducerSettings.TRANSPORT_BYTES_MAX) {
            transmit();
        }
        gathered.add(outgoing);
        gatheredBytes += bytes;
        if (settings.acks() == AckMode.NONE) {
            unanswerable.add(batch);
            unanswerablePartitions.add(partition);
        } else {
            message.unanswered++;
            attempts.put(correlationId, new Attempt(partition, batch, message, nowNanos));
        }
        if (gatheredBytes >= MESSAGE_BYTES) {
            transmit();
        }
    }

    /** Sends what was gathered. */
    void transmit() {
        ProduceLink current = link;
        if (gathered.isEmpty() || current == null) {
            return;
        }
        current.send(List.copyOf(gathered));
        gathered.clear();
        gatheredBytes = 0;
        if (message.unanswered > 0) {
            unansweredMessages++;
            message = new Message();
        }
        for (int i = 0; i < unanswerable.size(); i++) {
            unanswerablePartitions.get(i).handedOver(unanswerable.get(i));
        }
        unanswerable.clear();
        unanswerablePartitions.clear();
    }

    /** The answer to this attempt is of no interest any more. */
    void forget(ProducerBatch batch) {
        end(batch.correlationId());
    }

    private @Nullable Attempt end(long correlationId) {
        Attempt attempt = attempts.remove(correlationId);
        if (attempt != null && --attempt.message().unanswered == 0) {
            unansweredMessages--;
        }
        return attempt;
    }

    @Override
    public void onReady() {
        owner.stir();
    }

    @Override
    public void onAccepted(long correlationId, long baseOffset, boolean duplicate) {
        answered();
        Attempt attempt = end(correlationId);
        if (attempt != null) {
            attempt.partition().accepted(attempt.batch(), baseOffset);
            owner.stir();
        }
    }

    @Override
    public void onRefused(long correlationId, RejectedException why) {
        answered();
        Attempt attempt = end(correlationId);
        if (attempt != null) {
            attempt.partition().refused(attempt.batch(), why, clock.nanoTime());
            owner.stir();
        }
    }

    private void answered() {
        if (!answeredEver) {
            answeredEver = true;
            owner.works(address);
        }
    }

    @Override
    public void onClosed(boolean wasReady, RejectedException why) {
        close(why, wasReady && answeredEver);
    }

    /** Ends the stream if its oldest attempt has waited for too long. */
    void checkStalled(long nowNanos, long answerMaxNanos) {
        if (attempts.isEmpty()) {
            return;
        }
        Attempt oldest = attempts.values().iterator().next();
        if (nowNanos - oldest.sentNanos() >= answerMaxNanos) {
            close(
                    new RejectedException(ErrorCode.UNREACHABLE, address + " does not answer"),
                    false);
        }
    }

    /** Ends the stream; what is under way is unknown. */
    void close(RejectedException why, boolean usable) {
        ProduceLink current = link;
        link = null;
        if (current == null) {
            return;
        }
        current.close();
        List<Attempt> lost = List.copyOf(attempts.values());
        attempts.clear();
        unansweredMessages = 0;
        lost.forEach(attempt -> attempt.partition().lost(attempt.batch(), why));
        owner.closed(this, usable);
    }
}
