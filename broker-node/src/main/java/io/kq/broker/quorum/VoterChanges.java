package io.kq.broker.quorum;

import io.kq.broker.config.HostPort;
import io.kq.broker.quorum.VoterChangePolicy.Kind;
import io.kq.broker.quorum.VoterChangePolicy.Step;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataQuorum.VoterStatus;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the voters of the metadata quorum, one at a time, while this node is the active
 * controller. Nothing of a change is remembered here: whoever dies in the middle of it, the same
 * request to the next controller finds how far it came and ends it. Any thread; all state is the
 * loop's.
 */
public final class VoterChanges {

    private static final Logger log = LoggerFactory.getLogger(VoterChanges.class);

    /**
     * A controller that has just begun may not have heard all voters yet, and first of all ends
     * what the last one left half done.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(20);

    /**
     * Raft agrees first; the metadata tells of it a moment later, unless the controller changes.
     */
    private static final Duration TOLD_BOUND = Duration.ofSeconds(10);

    private final int nodeId;
    private final Optional<HostPort> ownAddress;
    private final Supplier<Optional<MetadataQuorum>> quorum;
    private final VoterWords words;
    private final EventLoop loop;
    private final Clock clock;

    private boolean busy;

    /**
     * @param ownAddress of this node's Raft port; empty: it is another one after each start
     * @param quorum of this node; empty while it is no voter
     */
    public VoterChanges(
            int nodeId,
            Optional<HostPort> ownAddress,
            Supplier<Optional<MetadataQuorum>> quorum,
            VoterWords words,
            EventLoop loop,
            Clock clock) {
        this.nodeId = nodeId;
        this.ownAddress = ownAddress;
        this.quorum = quorum;
        this.words = words;
        this.loop = loop;
        this.clock = clock;
    }

    /**
     * Makes a node a voter that is none.
     *
     * @return fails with {@link RejectedException}: NOT_CONTROLLER, BROKER_NOT_FOUND,
     *     VOTER_NOT_ELIGIBLE, QUORUM_TOO_SMALL, QUORUM_CHANGE_IN_PROGRESS, QUORUM_CHANGE_FAILED
     */
    public CompletableFuture<ChangedVoters> add(int voterId) {
        return start(Kind.ADD, voterId);
    }

    /** Makes a voter a broker only; fails like {@link #add}. */
    public CompletableFuture<ChangedVoters> remove(int voterId) {
        return start(Kind.REMOVE, voterId);
    }

    /** Swaps a voter that lost its disk for the node that came back; fails like {@link #add}. */
    public CompletableFuture<ChangedVoters> replace(int voterId) {
        return start(Kind.REPLACE, voterId);
    }

    private CompletableFuture<ChangedVoters> start(Kind kind, int voterId) {
        CompletableFuture<ChangedVoters> result = new CompletableFuture<>();
        loop.submit(
                () -> {
                    if (busy) {
                        result.completeExceptionally(inProgress());
                        return;
                    }
                    busy = true;
                    CompletableFuture<ChangedVoters> attempts = new CompletableFuture<>();
                    attempt(kind, voterId, clock.nanoTime() + PATIENCE.toNanos(), attempts);
                    var unused =
                            attempts.whenComplete(
                                    (changed, failure) -> {
                                        loop.submit(() -> busy = false);
                                        if (failure == null) {
                                            result.complete(changed);
                                        } else {
                                            result.completeExceptionally(failure);
                                        }
                                    });
                });
        return result;
    }

    private void attempt(
            Kind kind, int voterId, long deadline, CompletableFuture<ChangedVoters> result) {
        CompletableFuture<ChangedVoters> change;
        try {
            change = change(kind, voterId);
        } catch (RejectedException refusal) {
            boolean passes =
                    refusal.code() == ErrorCode.QUORUM_CHANGE_IN_PROGRESS
                            || refusal.code() == ErrorCode.QUORUM_TOO_SMALL;
            if (passes && clock.nanoTime() - deadline < 0) {
                loop.schedule(AGAIN, () -> attempt(kind, voterId, deadline, result));
            } else {
                result.completeExceptionally(refusal);
            }
            return;
        }
        var unused =
                change.whenComplete(
                        (changed, failure) -> {
                            if (failure == null) {
                                result.complete(changed);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        });
    }

    /** Throws what speaks against it before anything is done. */
    private CompletableFuture<ChangedVoters> change(Kind kind, int voterId) {
        MetadataQuorum voter =
                quorum.get()
                        .filter(MetadataQuorum::isActiveController)
                        .orElseThrow(VoterChanges::notController);
        List<Voter> agreed = voter.voters().orElseThrow(VoterChanges::inProgress);
        VoterChangePolicy policy =
                new VoterChangePolicy(nodeId, ownAddress, agreed, upIds(voter), voter.image());
        return new Change(voter, policy, voterId).run(policy.decide(kind, voterId));
    }

    private static Set<Integer> upIds(MetadataQuorum voter) {
        return voter.status().voters().stream()
                .filter(VoterStatus::up)
                .map(VoterStatus::nodeId)
                .collect(Collectors.toSet());
    }

    private static RejectedException inProgress() {
        return new RejectedException(
                ErrorCode.QUORUM_CHANGE_IN_PROGRESS,
                "the voters are being changed already; ask again when that is done");
    }

    private static RejectedException notController() {
        return new RejectedException(
                ErrorCode.NOT_CONTROLLER, "the active controller changed", false, Map.of());
    }

    /** One change that runs. */
    private final class Change {

        private final MetadataQuorum voter;
        private final VoterChangePolicy policy;
        private final int voterId;
        private final long term;

        Change(MetadataQuorum voter, VoterChangePolicy policy, int voterId) {
            this.voter = voter;
            this.policy = policy;
            this.voterId = voterId;
            this.term = voter.status().term();
        }

        CompletableFuture<ChangedVoters> run(Step step) {
            if (step instanceof Step.Prepare prepare) {
                return words.prepare(voterId, term)
                        .thenComposeAsync(made -> putIn(made, prepare.old()), loop::submit);
            }
            if (step instanceof Step.Keep keep) {
                return to(keep.voters(), "node " + voterId + " is no voter any more")
                        .thenApply(this::dismissed);
            }
            if (step instanceof Step.HandOver) {
                log.info("Gives metadata leadership away, to be removed by the next leader");
                voter.giveLeadershipAway();
                return CompletableFuture.failedFuture(notController());
            }
            String found = ((Step.Nothing) step).found();
            return told(policy.agreed(), false, found).thenApply(this::dismissed);
        }

        private CompletableFuture<ChangedVoters> putIn(Voter made, Optional<Voter> old) {
            if (old.isPresent() && old.get().directoryId().equals(made.directoryId())) {
                return told(
                        policy.agreed(),
                        false,
                        "node " + voterId + " has its vote: there is nothing to replace");
            }
            try {
                return to(
                        policy.with(made, old),
                        "node "
                                + voterId
                                + (old.isPresent() ? " votes with its new disk" : " is a voter"));
            } catch (RejectedException refusal) {
                return CompletableFuture.failedFuture(refusal);
            }
        }

        private CompletableFuture<ChangedVoters> to(List<Voter> next, String done) {
            log.info("Changes the voters from={} to={}", policy.agreed(), next);
            return voter.changeVoters(policy.agreed(), next)
                    .thenCompose(committed -> told(next, true, done));
        }

        /**
         * A node that is no voter may have a Raft log yet: of this change, or of an earlier one.
         */
        private ChangedVoters dismissed(ChangedVoters changed) {
            if (changed.voters().of(voterId).isEmpty()) {
                words.leave(voterId, term, changed.voters());
            }
            return changed;
        }

        /** Completes when the metadata tells of these voters. */
        private CompletableFuture<ChangedVoters> told(
                List<Voter> voters, boolean changed, String found) {
            CompletableFuture<ChangedVoters> result = new CompletableFuture<>();
            List<Voter> expected = new VoterSet(0, voters).voters();
            long deadline = clock.nanoTime() + TOLD_BOUND.toNanos();
            loop.submit(() -> look(expected, changed, found, deadline, result));
            return result;
        }

        private void look(
                List<Voter> expected,
                boolean changed,
                String found,
                long deadline,
                CompletableFuture<ChangedVoters> result) {
            MetadataImage image = voter.image();
            if (image.voters().voters().equals(expected)) {
                result.complete(new ChangedVoters(changed, found, image.voters(), image.index()));
            } else if (clock.nanoTime() - deadline > 0 || !voter.isActiveController()) {
                result.completeExceptionally(notController());
            } else {
                loop.schedule(LOOK, () -> look(expected, changed, found, deadline, result));
            }
        }
    }
}
