package io.kq.broker.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.metadata.Coordination;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.controller.BrokerSessions;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.MetadataFeed;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class VoterChangesTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final LeaderOfThree quorum = new LeaderOfThree();
    private final List<String> said = new ArrayList<>();

    /** What the node answers that is asked to prepare. */
    private CompletableFuture<Voter> prepared = CompletableFuture.completedFuture(voter(3, 1));

    private final VoterChanges changes =
            new VoterChanges(
                    0,
                    Optional.empty(),
                    () -> Optional.of(quorum),
                    new VoterWords() {
                        @Override
                        public CompletableFuture<Voter> prepare(int nodeId, long term) {
                            said.add("prepare " + nodeId);
                            return prepared;
                        }

                        @Override
                        public void leave(int nodeId, long term, VoterSet voters) {
                            said.add("leave " + nodeId + " version " + voters.version());
                        }
                    },
                    loop,
                    clock);

    VoterChangesTest() {
        for (int id = 0; id < 4; id++) {
            metadata.broker(id, 9092 + id, 1);
        }
    }

    private static Voter voter(int id, int log) {
        return new Voter(id, new UUID(log, id), "kq-" + id, 9093);
    }

    private void run() {
        for (int turn = 0; turn < 100; turn++) {
            loop.runDue();
            clock.advance(Duration.ofMillis(100));
        }
    }

    private ErrorCode refusal(CompletableFuture<ChangedVoters> change) {
        run();
        assertThat(change).isCompletedExceptionally();
        return RejectionCodec.fromThrowable(change.handle((done, failure) -> failure).join())
                .code();
    }

    @Test
    void newVoterIsPreparedPutInAndToldOf() {
        CompletableFuture<ChangedVoters> added = changes.add(3);
        run();
        assertThat(said).containsExactly("prepare 3");
        assertThat(added.join().changed()).isTrue();
        assertThat(added.join().voters().voters()).contains(voter(3, 1)).hasSize(4);
        CompletableFuture<ChangedVoters> again = changes.add(3);
        run();
        assertThat(again.join().changed()).isFalse();
        assertThat(quorum.changesMade).isEqualTo(1);
    }

    @Test
    void oneChangeAtATime() {
        prepared = new CompletableFuture<>();
        CompletableFuture<ChangedVoters> first = changes.add(3);
        assertThat(refusal(changes.remove(1))).isEqualTo(ErrorCode.QUORUM_CHANGE_IN_PROGRESS);
        prepared.complete(voter(3, 1));
        run();
        assertThat(first).isCompleted();
        CompletableFuture<ChangedVoters> next = changes.remove(1);
        run();
        assertThat(next.join().changed()).isTrue();
    }

    @Test
    void changeThatTheLastControllerBeganIsAwaited() {
        quorum.agreed = Optional.empty();
        CompletableFuture<ChangedVoters> removed = changes.remove(1);
        loop.runDue();
        quorum.agreed = Optional.of(List.of(voter(0, 0), voter(2, 0)));
        run();
        assertThat(removed.join().changed()).isFalse();
        quorum.agreed = Optional.empty();
        assertThat(refusal(changes.remove(2))).isEqualTo(ErrorCode.QUORUM_CHANGE_IN_PROGRESS);
    }

    @Test
    void voterThatHasItsVoteIsNotReplaced() {
        prepared = CompletableFuture.completedFuture(voter(2, 0));
        CompletableFuture<ChangedVoters> replaced = changes.replace(2);
        run();
        assertThat(replaced.join().changed()).isFalse();
        prepared = CompletableFuture.completedFuture(voter(2, 7));
        CompletableFuture<ChangedVoters> lost = changes.replace(2);
        run();
        assertThat(lost.join().changed()).isTrue();
        assertThat(lost.join().voters().of(2)).contains(voter(2, 7));
    }

    @Test
    void nodeIsToldThatItLeftOnlyWhenThatIsCommittedAndWritten() {
        quorum.refuses = true;
        assertThat(refusal(changes.remove(1))).isEqualTo(ErrorCode.QUORUM_CHANGE_FAILED);
        assertThat(said).isEmpty();
        quorum.refuses = false;
        CompletableFuture<ChangedVoters> removed = changes.remove(1);
        run();
        assertThat(removed).isCompleted();
        assertThat(said).containsExactly("leave 1 version 2");
    }

    @Test
    void leaderHandsOverInsteadOfRemovingItself() {
        assertThat(refusal(changes.remove(0))).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(quorum.gaveLeadershipAway).isTrue();
        assertThat(quorum.changesMade).isZero();
    }

    /** Agrees at once, and writes down what it agreed on. */
    private final class LeaderOfThree implements MetadataQuorum {

        private Optional<List<Voter>> agreed =
                Optional.of(List.of(voter(0, 0), voter(1, 0), voter(2, 0)));
        private long version = 1;
        private boolean refuses;
        private boolean gaveLeadershipAway;
        private int changesMade;

        @Override
        public Optional<List<Voter>> voters() {
            return agreed;
        }

        @Override
        public CompletableFuture<Void> changeVoters(List<Voter> expected, List<Voter> next) {
            if (refuses || !expected.equals(agreed.orElseThrow())) {
                return CompletableFuture.failedFuture(
                        new RejectedException(ErrorCode.QUORUM_CHANGE_FAILED, "not reached"));
            }
            changesMade++;
            version++;
            agreed = Optional.of(new VoterSet(0, next).voters());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public MetadataImage image() {
            MetadataImage image = metadata.image();
            return new MetadataImage(
                    image.index(),
                    image.term(),
                    image.cluster(),
                    image.brokers(),
                    image.topics(),
                    image.topicNames(),
                    image.nextProducerId(),
                    new VoterSet(version, agreed.orElse(List.of())),
                    image.coordination(),
                    image.requests());
        }

        @Override
        public Coordination coordination() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isNeededByShards() {
            return false;
        }

        @Override
        public void giveShardsAway() {}

        @Override
        public Status status() {
            return new Status(
                    0,
                    1,
                    1,
                    agreed.orElse(List.of()).stream()
                            .map(v -> new VoterStatus(v, 0, true))
                            .toList());
        }

        @Override
        public boolean isActiveController() {
            return true;
        }

        @Override
        public void giveLeadershipAway() {
            gaveLeadershipAway = true;
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public Controller controller() {
            return new Controller(0, 1);
        }

        @Override
        public <R> CompletableFuture<R> submit(
                Optional<UUID> requestId, MetadataOperation<R> operation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AutoCloseable subscribe(MetadataSubscriber subscriber) {
            throw new UnsupportedOperationException();
        }

        @Override
        public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BrokerSessions sessions() {
            throw new UnsupportedOperationException();
        }

        @Override
        public MetadataFeed feed() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void abandon() {}

        @Override
        public void close() {}
    }
}
