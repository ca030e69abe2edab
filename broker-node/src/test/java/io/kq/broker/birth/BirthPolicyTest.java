package io.kq.broker.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.birth.BirthPolicy.Decision;
import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.birth.VoterDirectory.Self;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a node with an empty disk does, case by case. */
class BirthPolicyTest {

    private static final List<Peer> PEERS = List.of(peer(2), peer(0), peer(1));

    private final BirthPolicy policy = new BirthPolicy(PEERS);

    private static Peer peer(int id) {
        return new Peer(id, new HostPort("n" + id, 9094));
    }

    private static UUID disk(int number) {
        return new UUID(0, number);
    }

    private static Self empty(int id) {
        return self(id, disk(id), "", List.of());
    }

    private static Self self(int id, UUID disk, String cluster, List<Voter> voters) {
        return new Self(
                id,
                Optional.of(disk),
                cluster,
                voters,
                0,
                Optional.of(new HostPort("n" + id, 9093)));
    }

    private static Voter voter(int id, UUID disk) {
        return new Voter(id, disk, new HostPort("n" + id, 9093), new HostPort("n" + id, 9094));
    }

    private static List<Voter> voters(int... ids) {
        List<Voter> voters = new ArrayList<>();
        for (int id : ids) {
            voters.add(voter(id, disk(id)));
        }
        return voters;
    }

    private static String reasonOf(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Refuse.class);
        return ((Decision.Refuse) decision).reason().reason();
    }

    @Test
    void waitsUntilAllVotersHaveAnswered() {
        Decision decision = policy.decideVoter(empty(0), Map.of(1, empty(1)));
        assertThat(((Decision.Wait) decision).missing()).containsExactly(2);
    }

    @Test
    void lowestIdFoundsWhenAllAreEmpty() {
        Decision decision = policy.decideVoter(empty(0), Map.of(1, empty(1), 2, empty(2)));
        assertThat(((Decision.Found) decision).voters()).isEqualTo(voters(0, 1, 2));
    }

    @Test
    void othersWaitForTheFounder() {
        Decision decision = policy.decideVoter(empty(1), Map.of(0, empty(0), 2, empty(2)));
        assertThat(((Decision.Wait) decision).missing()).isEmpty();
    }

    @Test
    void loneVoterFoundsAtOnce() {
        Decision decision = new BirthPolicy(List.of(peer(7))).decideVoter(empty(7), Map.of());
        assertThat(((Decision.Found) decision).voters()).isEqualTo(voters(7));
    }

    @Test
    void joinsTheClusterThatWasFoundedWithThisDisk() {
        Self founder = self(0, disk(0), "C", voters(0, 1, 2));
        Decision decision = policy.decideVoter(empty(1), Map.of(0, founder));
        assertThat(decision).isEqualTo(new Decision.Join("C", voters(0, 1, 2), 0));
    }

    @Test
    void neverFoundsBesideAClusterThatExists() {
        Self member = self(2, disk(2), "C", voters(0, 1, 2));
        Self reborn = self(0, disk(90), "", List.of());
        assertThat(policy.decideVoter(reborn, Map.of(1, empty(1), 2, member)))
                .isEqualTo(new Decision.Join("C", voters(0, 1, 2), 0));
    }

    @Test
    void voterWithAnotherDiskHasNoVoteAndKnowsThatItLostIt() {
        Self member = self(0, disk(0), "C", voters(0, 1, 2));
        Self reborn = self(1, disk(91), "", List.of());
        Decision.Join join = (Decision.Join) policy.decideVoter(reborn, Map.of(0, member));
        DirectoryIdentity identity =
                DirectoryIdentity.fresh(1, disk(91)).in("C", join.voters(), join.votersVersion());
        assertThat(identity.isVoter()).isFalse();
        assertThat(identity.lostItsVote()).isTrue();
    }

    @Test
    void newestWordOfTheVotersCounts() {
        Self behind = self(0, disk(0), "C", voters(0, 1, 2));
        Self ahead = new Self(2, Optional.of(disk(2)), "C", voters(0, 2, 3), 7, Optional.empty());
        assertThat(policy.decideVoter(empty(1), Map.of(0, behind, 2, ahead)))
                .isEqualTo(new Decision.Join("C", voters(0, 2, 3), 7));
        DirectoryIdentity removedMeanwhile =
                DirectoryIdentity.fresh(1, disk(1)).in("C", voters(0, 2, 3), 7);
        assertThat(removedMeanwhile.isVoter()).isFalse();
        assertThat(removedMeanwhile.lostItsVote()).isFalse();
    }

    @Test
    void settingsThatAreBehindFitAndThoseOfAnotherClusterDoNot() {
        assertThat(policy.conflict(voters(2, 3, 4))).isEmpty();
        assertThat(policy.names(voters(2, 3, 4))).isFalse();
        assertThat(policy.names(voters(0, 1, 2))).isTrue();
        assertThat(policy.conflict(voters(3, 4, 5)))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.reason()).isEqualTo("PEERS_MISMATCH"));
    }

    @Test
    void votersOfTwoClustersAreRefused() {
        Self one = self(0, disk(0), "C", voters(0, 1, 2));
        Self other = self(2, disk(2), "D", voters(0, 1, 2));
        assertThat(reasonOf(policy.decideVoter(empty(1), Map.of(0, one, 2, other))))
                .isEqualTo("CLUSTER_MISMATCH");
    }

    @Test
    void anotherNodeAtAPeersAddressIsRefused() {
        assertThat(reasonOf(policy.decideVoter(empty(0), Map.of(1, empty(5), 2, empty(2)))))
                .isEqualTo("PEERS_MISMATCH");
    }

    @Test
    void copiedDiskIsRefused() {
        Self copy = self(2, disk(1), "", List.of());
        assertThat(reasonOf(policy.decideVoter(empty(0), Map.of(1, empty(1), 2, copy))))
                .isEqualTo("DISK_COPIED");
    }

    @Test
    void brokerTakesTheClusterOfAnyVoter() {
        Self member = self(2, disk(2), "C", voters(0, 1, 2));
        Decision decision = policy.decideBroker(Map.of(0, empty(0), 2, member));
        assertThat(decision).isEqualTo(new Decision.Join("C", voters(0, 1, 2), 0));
    }

    @Test
    void brokerWaitsWhileTheVotersAreNotBorn() {
        Decision decision = policy.decideBroker(Map.of(0, empty(0)));
        assertThat(((Decision.Wait) decision).missing()).containsExactly(1, 2);
    }
}
