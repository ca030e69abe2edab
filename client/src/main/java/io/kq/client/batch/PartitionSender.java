package io.kq.client.batch;

import io.kq.client.metadata.PartitionLeader;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Invariant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The order of one partition: which batch may go next, under which number, and what follows an
 * answer. Knows no clock and no stream; stepped by the {@link Sender} on the loop.
 *
 * <p>How does it keep order and write each batch once? Batches are numbered when they are first
 * sent and stay in a list until they are answered, those under way before those that wait. After
 * any failure nothing more is sent until every attempt under way has ended; then all that is left
 * goes again, in order and under the same numbers, and the broker answers what it has already taken
 * as a duplicate. {@code docs/internals/client.md} has the whole argument, also for batches that
 * fail for good.
 */
final class PartitionSender {

    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);

    /** What the rules need from outside. */
    interface Environment {
        /** An attempt's answer is of no interest any more. */
        void forget(ProducerBatch batch);

        void fail(PartitionSender partition, ProducerBatch batch, RejectedException why);

        void acknowledge(PartitionSender partition, ProducerBatch batch, long baseOffset);
    }

    private final String topic;
    private final UUID topicId;
    private final PartitionQueue queue;
    private final ProducerSettings settings;
    private final Environment environment;

    /**
     * Sent at least once and not yet answered for good, in order. Invariant: unless {@link
     * #settling}, the first {@link #sentCount} are under way and the others wait.
     */
    private final List<ProducerBatch> pending = new ArrayList<>();

    /** Attempts under way; all of them to {@link #node}. */
    private int sentCount;

    private @Nullable NodeSender node;

    /** Whether nothing is sent until all attempts under way have ended. */
    private boolean settling;

    /** Who numbers what is sent first from now on; null: to be given by the cluster. */
    private @Nullable ProducerIdentity identity;

    private boolean identityIsSpent;
    private boolean identityAsked;

    /**
     * Whether the broker has acknowledged something under {@link #identity}. Until then one batch
     * goes alone: a broker that knows nothing of a producer cannot see that a batch is missing.
     */
    private boolean confirmed;

    /** Counted by {@link #identity}. */
    private int nextSequence;

    /** Counts the batches that were numbered. */
    private long nextOrdinal;

    private long notBeforeNanos;

    /** Refusals since the last acceptance. */
    private int failures;

    private PartitionLeader leader = PartitionLeader.NONE;
    private @Nullable RejectedException lastRefusal;

    PartitionSender(
            String topic,
            UUID topicId,
            PartitionQueue queue,
            ProducerSettings settings,
            Environment environment,
            long nowNanos) {
        this.topic = topic;
        this.topicId = topicId;
        this.queue = queue;
        this.settings = settings;
        this.environment = environment;
        this.notBeforeNanos = nowNanos;
    }

    String topic() {
        return topic;
    }

    UUID topicId() {
        return topicId;
    }

    TopicPartition id() {
        return new TopicPartition(topic, queue.partition());
    }

    PartitionQueue queue() {
        return queue;
    }

    PartitionLeader leader() {
        return leader;
    }

    /** Whether nothing was sent that is not answered for good. */
    boolean isSettled() {
        return pending.isEmpty();
    }

    /**
     * Makes all that was taken so far ready to go, and has {@code listener} told of the end of each
     * batch of it, however it ends.
     *
     * @return number of these batches
     */
    int whenEachEnds(Runnable listener) {
        List<ProducerBatch> all = new ArrayList<>(pending);
        all.addAll(queue.seal());
        all.forEach(batch -> batch.onEnd(listener));
        return all.size();
    }

    // ---- identity

    /** Whether nothing new can be sent before {@link #setIdentity}. */
    boolean wantsIdentity() {
        return settings.idempotent() && identity == null;
    }

    /** Whether the next identity must be one under which this partition never wrote. */
    boolean identityIsSpent() {
        return identityIsSpent;
    }

    /** Whether one is to be asked for now: once each time it is wanted. */
    boolean askIdentity() {
        boolean first = !identityAsked;
        identityAsked = true;
        return first;
    }

    void setIdentity(ProducerIdentity given) {
        identity = given;
        identityAsked = false;
        identityIsSpent = true;
        confirmed = false;
        nextSequence = 0;
    }

    // ---- sending

    /**
     * The next batch to send to {@code to}, numbered; null if none may go now.
     *
     * @param partialBeforeNanos a batch that is not full goes only if it was begun before this
     */
    @Nullable ProducerBatch next(NodeSender to, long nowNanos, long partialBeforeNanos) {
        if (sentCount == 0) {
            settling = false;
        }
        if (settling
                || nowNanos - notBeforeNanos < 0
                || (sentCount > 0 && node != to)
                || sentCount >= inFlightMax()) {
            return null;
        }
        if (sentCount < pending.size()) {
            ProducerBatch again = pending.get(sentCount);
            return numbered(again) ? sending(again, to) : null;
        }
        if (wantsIdentity() || isOldestNearlyForgotten()) {
            return null;
        }
        ProducerBatch batch = queue.poll(partialBeforeNanos);
        if (batch == null || settings.acks() == AckMode.NONE) {
            return batch;
        }
        pending.add(batch);
        Invariant.check(numbered(batch), "no identity for partition %s", queue.partition());
        return sending(batch, to);
    }

    private ProducerBatch sending(ProducerBatch batch, NodeSender to) {
        node = to;
        sentCount++;
        return batch;
    }

    private int inFlightMax() {
        return settings.idempotent() && !confirmed ? 1 : settings.inFlightMax();
    }

    /**
     * Whether with one batch more the broker might no longer remember the oldest one that is not
     * answered: those between them may have been answered and count all the same.
     */
    private boolean isOldestNearlyForgotten() {
        ProducerBatch oldest = pending.isEmpty() ? null : pending.get(0);
        return oldest != null
                && oldest.isNumbered()
                && nextOrdinal - oldest.ordinal() >= settings.inFlightMax();
    }

    private boolean numbered(ProducerBatch batch) {
        if (!settings.idempotent() || batch.isNumbered()) {
            return true;
        }
        ProducerIdentity writer = identity;
        if (writer == null || isOldestNearlyForgotten()) {
            return false;
        }
        batch.number(writer, nextSequence, nextOrdinal++);
        nextSequence = following(nextSequence, batch.recordCount());
        return true;
    }

    /** Sequences wrap to 0 after the largest int, as the broker counts them. */
    private static int following(int sequence, int count) {
        int untilWrap = Integer.MAX_VALUE - sequence;
        return count <= untilWrap ? sequence + count : count - untilWrap - 1;
    }

    // ---- answers

    void accepted(ProducerBatch batch, long baseOffset) {
        attemptEnded(batch, true);
        pending.remove(batch);
        confirmed |= batch.isNumberedBy(identity);
        failures = 0;
        lastRefusal = null;
        environment.acknowledge(this, batch, baseOffset);
    }

    /** The transport has a batch that nobody will answer. */
    void handedOver(ProducerBatch batch) {
        environment.acknowledge(this, batch, -1);
    }

    void refused(ProducerBatch batch, RejectedException why, long nowNanos) {
        boolean willBeRenumbered = batch.isAfterGap();
        attemptEnded(batch, why.definite());
        settling = true;
        lastRefusal = why;
        if (willBeRenumbered) {
            return;
        }
        if (isSequenceError(why.code())) {
            sequenceRefused(batch, why, nowNanos);
        } else if (mayRetry(why)) {
            pause(why, nowNanos);
        } else if (!splits(batch, why)) {
            failForGood(batch, why);
        }
    }

    /** Records that are too large together go in two batches; a lone one is too large itself. */
    private boolean splits(ProducerBatch batch, RejectedException why) {
        if (why.code() != ErrorCode.MESSAGE_TOO_LARGE) {
            return false;
        }
        String limit = why.metadata().get("limit");
        if (limit != null) {
            queue.lowerBatchBytesMax(Integer.parseInt(limit));
        }
        if (batch.recordCount() < 2 || batch.maybeWritten()) {
            return false;
        }
        int index = pending.indexOf(batch);
        pending.remove(index);
        pending.addAll(index, batch.halves());
        if (settings.idempotent()) {
            gapFrom(index);
        }
        return true;
    }

    private static boolean isSequenceError(ErrorCode code) {
        return code == ErrorCode.OUT_OF_ORDER_SEQUENCE
                || code == ErrorCode.UNKNOWN_PRODUCER_ID
                || code == ErrorCode.FENCED_PRODUCER_EPOCH;
    }

    /**
     * If an earlier batch is unanswered, that one is what is missing: both go again. If not, the
     * broker has lost what it knew of this producer, or a part of the log.
     */
    private void sequenceRefused(ProducerBatch batch, RejectedException why, long nowNanos) {
        pause(why, nowNanos);
        if (pending.get(0) != batch) {
            return;
        }
        if (batch.maybeWritten()) {
            failForGood(batch, why.indefinite());
        } else {
            gapFrom(0);
        }
    }

    /**
     * An unknown outcome is resolved by asking again under the same number, whatever the reason.
     */
    private boolean mayRetry(RejectedException why) {
        return why.code().isRetriable() || (settings.idempotent() && !why.definite());
    }

    /** The first "somebody else leads" is followed at once: it costs one message. */
    private void pause(RejectedException why, long nowNanos) {
        boolean atOnce = failures == 0 && why.code().retry() == ErrorCode.Retry.REFRESH_METADATA;
        long pauseNanos = PAUSE_MIN.toNanos() << Math.min(failures, 5);
        failures++;
        notBeforeNanos = nowNanos + (atOnce ? 0 : Math.min(pauseNanos, PAUSE_MAX.toNanos()));
    }

    /** The stream that carried the attempt is over. */
    void lost(ProducerBatch batch, RejectedException why) {
        lastRefusal = why;
        attemptEnded(batch, false);
        settling = true;
    }

    /** Who leads now. What is under way to another one goes again to this one, and at once. */
    void leaderIs(PartitionLeader now, long nowNanos) {
        boolean isNews = !now.equals(leader);
        boolean moved = now.isKnown() && now.nodeId() != leader.nodeId();
        leader = now;
        queue.setLed(now.isKnown());
        if (isNews && now.isKnown()) {
            notBeforeNanos = nowNanos;
        }
        if (moved && sentCount > 0) {
            recall();
        }
    }

    private void recall() {
        for (ProducerBatch batch : pending) {
            if (batch.isSent()) {
                environment.forget(batch);
                attemptEnded(batch, false);
            }
        }
    }

    private void attemptEnded(ProducerBatch batch, boolean outcomeIsKnown) {
        Invariant.check(batch.isSent(), "an attempt ended twice, partition %s", queue.partition());
        batch.attemptEnded(outcomeIsKnown);
        sentCount--;
    }

    // ---- waiting

    /** Since when the oldest record waits that is not acknowledged; empty: none does. */
    OptionalLong waitingSinceNanos() {
        return pending.isEmpty()
                ? queue.oldestNanos()
                : OptionalLong.of(pending.get(0).createdNanos());
    }

    /** What keeps the records that wait from being written, as far as it was met. */
    RejectedException obstacle() {
        if (!leader.isKnown()) {
            return new RejectedException(ErrorCode.NO_LEADER, "the partition has no leader");
        }
        RejectedException refusal = lastRefusal;
        return refusal != null
                ? refusal
                : new RejectedException(
                        ErrorCode.UNREACHABLE,
                        "its leader, node " + leader.nodeId() + ", has not answered");
    }

    // ---- failing for good

    /** Gives up what is older than the delivery timeout. */
    void expire(long createdBeforeNanos) {
        while (!pending.isEmpty() && pending.get(0).createdNanos() - createdBeforeNanos <= 0) {
            failForGood(pending.get(0), timedOut());
        }
        ProducerBatch waiting = queue.pollExpired(createdBeforeNanos);
        while (waiting != null) {
            environment.fail(this, waiting, timedOut());
            waiting = queue.pollExpired(createdBeforeNanos);
        }
    }

    private RejectedException timedOut() {
        RejectedException cause = lastRefusal;
        String why = leader.isKnown() ? "" : "; the partition has no leader";
        if (cause != null) {
            why = "; at last: " + cause.getMessage() + " [" + cause.code() + "]";
        }
        return new RejectedException(
                ErrorCode.DEADLINE_EXCEEDED,
                "not acknowledged within "
                        + settings.deliveryTimeout().toMillis() / 1000.0
                        + " s"
                        + why,
                true,
                cause == null ? Map.of() : Map.of("last_reason", cause.code().name()));
    }

    /**
     * The batch fails. With idempotence its number stays empty, so what was numbered after it can
     * never be taken as it is: it is numbered anew, by another identity, for a late copy of an old
     * attempt must not fit into the new numbers. If this batch may have been written all the same,
     * so may those after it whose outcome is unknown: sending them again could write them twice, so
     * they fail with it.
     */
    private void failForGood(ProducerBatch batch, RejectedException why) {
        boolean unknown = batch.maybeWritten() || !why.definite();
        int index = pending.indexOf(batch);
        List<ProducerBatch> failed = new ArrayList<>();
        failed.add(batch);
        if (settings.idempotent() && unknown) {
            for (ProducerBatch later : pending.subList(index + 1, pending.size())) {
                if (later.maybeWritten()) {
                    failed.add(later);
                }
            }
        }
        boolean wasLast = index == pending.size() - 1;
        for (ProducerBatch each : failed) {
            if (each.isSent()) {
                environment.forget(each);
                attemptEnded(each, false);
            }
        }
        pending.removeAll(failed);
        if (batch.isNumbered()) {
            if (wasLast && !unknown && batch.isNumberedBy(identity)) {
                nextSequence = batch.sequence();
            } else {
                gapFrom(index);
            }
        }
        failed.forEach(each -> environment.fail(this, each, unknown ? why.indefinite() : why));
    }

    private void gapFrom(int index) {
        for (ProducerBatch later : pending.subList(index, pending.size())) {
            later.gapBefore();
        }
        identity = null;
        confirmed = false;
        settling = true;
    }

    /** The partition is no more, or the producer: everything fails. */
    void abandon(RejectedException why) {
        List<ProducerBatch> all = List.copyOf(pending);
        pending.clear();
        for (ProducerBatch batch : all) {
            boolean unknown = batch.maybeWritten();
            if (batch.isSent()) {
                environment.forget(batch);
                attemptEnded(batch, false);
            }
            environment.fail(this, batch, unknown ? why.indefinite() : why);
        }
        queue.close().forEach(batch -> environment.fail(this, batch, why));
    }
}
