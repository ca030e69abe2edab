package io.kq.metadata.controller;

import io.kq.metadata.decision.Decision;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.RecordSize;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What one turn has decided so far: records on top of the committed image, and the answers that
 * wait for them. Also answers without records wait if records were decided before them, since they
 * may tell of these. Loop thread only.
 */
final class Batch {

    /** Operations are added up to here: far below what the log takes as one entry (4 MB). */
    static final int BYTES_MAX = 1 << 20;

    /** One operation alone may need more: below half of what the log takes. */
    static final int BYTES_ALONE_MAX = 15 << 17;

    private MetadataImage scratch;
    private final List<MetadataRecord> records = new ArrayList<>();
    private final List<Runnable> answers = new ArrayList<>();
    private final List<PendingOperation<?>> waiting = new ArrayList<>();
    private final List<UUID> answeredRequests = new ArrayList<>();
    private int bytes;
    private boolean placesOnlyAdded = true;

    Batch(MetadataImage committed) {
        this.scratch = committed;
    }

    /** The committed image with all that was decided so far. */
    MetadataImage scratch() {
        return scratch;
    }

    List<MetadataRecord> records() {
        return records;
    }

    /** Operations whose outcome is this batch's. */
    List<PendingOperation<?>> waiting() {
        return waiting;
    }

    List<UUID> answeredRequests() {
        return answeredRequests;
    }

    /** Whether no replica went from its place: loads that were counted on go on being right. */
    boolean placesOnlyAdded() {
        return placesOnlyAdded;
    }

    boolean hasRoomFor(Decision<?> decision) {
        int more = RecordSize.boundBytes(decision.records());
        return bytes + more <= (records.isEmpty() ? BYTES_ALONE_MAX : BYTES_MAX);
    }

    /** Adds what an operation was decided to be; it is answered by {@link #answerAll}. */
    void add(PendingOperation.Decided<?> decided) {
        Decision<?> decision = decided.decision();
        if (!decision.records().isEmpty()) {
            MetadataDelta delta = ImageTransition.applyStrictly(scratch, decision.records());
            checkPartitions(delta);
            scratch = delta.after();
            records.addAll(decision.records());
            bytes += RecordSize.boundBytes(decision.records());
            placesOnlyAdded &= delta.removedTopics().isEmpty();
            if (decision.finished()) {
                decided.operation().requestId().ifPresent(answeredRequests::add);
            }
        }
        if (decision.finished()) {
            waiting.add(decided.operation());
            answers.add(decided::answer);
        }
    }

    /** Adds a refusal, which may rest on what was decided before it. */
    void add(PendingOperation<?> operation, RejectedException refusal) {
        waiting.add(operation);
        answers.add(() -> operation.refuse(refusal));
    }

    /** The records are applied, or there are none. */
    void answerAll() {
        answers.forEach(Runnable::run);
    }

    /** No decision breaks M2 and M3, whatever its code does. */
    private void checkPartitions(MetadataDelta delta) {
        for (String name : delta.changedTopics()) {
            List<PartitionImage> before =
                    delta.before().topic(name).map(TopicImage::partitions).orElseGet(List::of);
            List<PartitionImage> after = delta.after().topic(name).orElseThrow().partitions();
            for (int i = 0; i < after.size(); i++) {
                PartitionImage partition = after.get(i);
                if (i < before.size() && before.get(i).equals(partition)) {
                    continue;
                }
                placesOnlyAdded &=
                        i >= before.size() || before.get(i).replicas().equals(partition.replicas());
                Optional<String> problem = partition.problem();
                Invariant.check(
                        problem.isEmpty(), "a partition of %s: %s", name, problem.orElse(""));
            }
        }
    }
}
