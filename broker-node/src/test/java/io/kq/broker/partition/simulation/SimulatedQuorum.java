package io.kq.broker.partition.simulation;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe;
import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.controller.FormerLeader;
import io.kq.metadata.controller.ReplicaProbe;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The metadata quorum as one sequence of committed batches, and two voters that take turns as the
 * controller. What a controller submitted when it lost its place may be committed or not, at once
 * or late; it does not learn which.
 */
final class SimulatedQuorum {

    static final String CLUSTER = "simulated";

    /** Told of each batch that had an effect. */
    interface Listener {
        void committed(MetadataBatch batch, MetadataImage before, MetadataImage after);
    }

    /** What becomes of a submission whose answer is lost. */
    enum Fate {
        DROPPED,
        COMMITTED,
        /** Committed in this term, but only with what is submitted next. */
        COMMITTED_LATE
    }

    private static final class Submission {
        private final SimulatedController from;
        private final MetadataBatch batch;
        private final CompletableFuture<AppliedEntry> reply = new CompletableFuture<>();
        private boolean lost;

        private Submission(SimulatedController from, MetadataBatch batch) {
            this.from = from;
            this.batch = batch;
        }
    }

    private static final Duration ELECTION_TIMEOUT = Duration.ofMillis(500);

    private final VirtualTime time;
    private final RandomSource random;
    private final Listener listener;
    private final Trace trace;
    private final SimulatedController[] voters = new SimulatedController[2];
    private final List<MetadataImage> images = new ArrayList<>();
    private final List<MetadataBatch> late = new ArrayList<>();
    private @Nullable Submission submitted;
    private int active;
    private long term;

    /** How long a commit takes, at most. */
    int commitMillisMax = 15;

    SimulatedQuorum(
            VirtualTime time,
            RandomSource random,
            ControllerConfig config,
            ReplicaRules rules,
            BrokerProbe probe,
            ReplicaProbe replicaProbe,
            Listener listener,
            Trace trace) {
        this.time = time;
        this.random = random;
        this.listener = listener;
        this.trace = trace;
        for (int i = 0; i < voters.length; i++) {
            int voter = i;
            voters[i] =
                    new SimulatedController(
                            time,
                            random,
                            config,
                            rules,
                            batch -> append(voters[voter], batch),
                            probe,
                            replicaProbe);
        }
        time.every(100, this::run);
        begin(0);
    }

    int active() {
        return active;
    }

    SimulatedController voter(int number) {
        return voters[number];
    }

    /** Index of the newest committed batch. */
    int lastIndex() {
        return images.size() - 1;
    }

    MetadataImage imageAt(int index) {
        return images.get(index);
    }

    MetadataImage newest() {
        return images.isEmpty() ? MetadataImage.EMPTY : images.get(images.size() - 1);
    }

    /** Lets the controllers do what is due. */
    void run() {
        for (SimulatedController voter : voters) {
            voter.loop.runDue();
        }
    }

    private CompletableFuture<AppliedEntry> append(SimulatedController from, MetadataBatch batch) {
        Submission submission = new Submission(from, batch);
        if (from == voters[active] && from.term == term) {
            submitted = submission;
            time.after(1 + random.nextInt(commitMillisMax), () -> commit(submission));
        }
        return submission.reply;
    }

    private void commit(Submission submission) {
        if (submission.lost) {
            return;
        }
        submitted = null;
        late.forEach(this::apply);
        late.clear();
        boolean ignored = ImageTransition.isIgnored(newest(), submission.batch, term);
        apply(submission.batch);
        submission.from.image = newest();
        submission.reply.complete(new AppliedEntry(lastIndex(), term, ignored));
        run();
    }

    private void apply(MetadataBatch batch) {
        MetadataImage before = newest();
        MetadataImage after = ImageTransition.apply(before, batch, images.size(), term).after();
        images.add(after);
        if (trace.isOn()) {
            boolean ignored = ImageTransition.isIgnored(before, batch, term);
            batch.records().stream()
                    .filter(record -> !(record instanceof MetadataRecord.NoOp))
                    .forEach(r -> trace.add("quorum" + (ignored ? " ignores " : " ") + r));
        }
        listener.committed(batch, before, after);
    }

    /** Another voter becomes the controller, or the same one again in another term. */
    void change(int voter, boolean kept, int noticeMillis) {
        Submission open = submitted;
        submitted = null;
        if (open != null) {
            open.lost = true;
            late.forEach(this::apply);
            if (kept) {
                apply(open.batch);
            }
        }
        late.clear();
        int old = active;
        voters[old].term = -1;
        if (old == voter) {
            fail(open);
            voters[old].controller.onNotLeader();
            run();
        } else {
            time.after(
                    noticeMillis,
                    () -> {
                        fail(open);
                        if (active != old) {
                            voters[old].controller.onNotLeader();
                            run();
                        }
                    });
        }
        begin(voter);
    }

    private static void fail(@Nullable Submission open) {
        if (open != null) {
            open.reply.completeExceptionally(new IllegalStateException("lost"));
        }
    }

    private void begin(int voter) {
        FormerLeader former = new FormerLeader(active, ELECTION_TIMEOUT);
        active = voter;
        term++;
        trace.add("voter " + voter + " becomes controller, term " + term);
        SimulatedController next = voters[voter];
        next.term = term;
        next.image = newest();
        // A reign that was not ended yet ends with this.
        next.controller.onNotLeader();
        next.controller.onLeaderReady(term, former);
        run();
    }

    /** The answer to what is submitted is lost, though the controller stays. */
    void loseAnswer(Fate fate) {
        Submission open = submitted;
        if (open == null) {
            return;
        }
        submitted = null;
        open.lost = true;
        trace.add("quorum loses an answer: " + fate);
        if (fate == Fate.COMMITTED) {
            late.forEach(this::apply);
            late.clear();
            apply(open.batch);
        } else if (fate == Fate.COMMITTED_LATE) {
            late.add(open.batch);
        }
        open.from.image = newest();
        fail(open);
        run();
    }
}
