package io.kq.broker.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.metadata.Coordination;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.controller.BrokerSessions;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.MetadataFeed;
import io.kq.metadata.record.VoterSet;
import io.kq.v1.Quorum;
import io.kq.v1.Voter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QuorumViewTest {

    private final HandMadeMetadata metadata = new HandMadeMetadata();

    /** Voter 0 answers, voter 2 leads; voter 1 has a session as a broker. */
    private Quorum seen(boolean leads, MetadataQuorum.VoterStatus... voters) {
        metadata.broker(0, 9092, 1);
        metadata.broker(1, 9102, 1);
        KnownQuorum known =
                new KnownQuorum(leads, new MetadataQuorum.Status(2, 7, 40, List.of(voters)));
        return new QuorumView(metadata, () -> Optional.of(known), List.of()).now();
    }

    private static MetadataQuorum.VoterStatus voter(int id, boolean up) {
        return new MetadataQuorum.VoterStatus(
                new VoterSet.Voter(id, new UUID(0, id), "kq-" + id, 9093), up ? 0 : -1, up);
    }

    @Test
    void voterThatDoesNotLeadCallsThoseUpThatHaveASession() {
        Quorum quorum = seen(false, voter(0, true), voter(1, false), voter(2, true));

        assertThat(quorum.getVotersList()).allMatch(Voter::getUp);
    }

    @Test
    void leaderCallsAVoterDownThatItDoesNotHear() {
        Quorum quorum = seen(true, voter(0, true), voter(1, false), voter(2, true));

        assertThat(quorum.getVoters(1).getUp()).isFalse();
    }

    @Test
    void votersStandInTheOrderOfTheirIds() {
        Quorum quorum = seen(false, voter(0, true), voter(2, true), voter(1, true));

        assertThat(quorum.getVotersList()).extracting(Voter::getId).containsExactly(0, 1, 2);
    }

    /** A voter that says what it was told to. */
    private record KnownQuorum(boolean isActiveController, Status status)
            implements MetadataQuorum {

        @Override
        public Optional<List<VoterSet.Voter>> voters() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> changeVoters(
                List<VoterSet.Voter> expected, List<VoterSet.Voter> next) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void giveLeadershipAway() {}

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public void abandon() {}

        private static UnsupportedOperationException unused() {
            return new UnsupportedOperationException("not asked for by a view");
        }

        @Override
        public MetadataImage image() {
            throw unused();
        }

        @Override
        public Controller controller() {
            throw unused();
        }

        @Override
        public AutoCloseable subscribe(MetadataSubscriber subscriber) {
            throw unused();
        }

        @Override
        public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
            throw unused();
        }

        @Override
        public <R> CompletableFuture<R> submit(
                Optional<UUID> requestId, MetadataOperation<R> operation) {
            throw unused();
        }

        @Override
        public Coordination coordination() {
            throw unused();
        }

        @Override
        public boolean isNeededByShards() {
            return false;
        }

        @Override
        public void giveShardsAway() {}

        @Override
        public BrokerSessions sessions() {
            throw unused();
        }

        @Override
        public MetadataFeed feed() {
            throw unused();
        }

        @Override
        public void close() {}
    }
}
