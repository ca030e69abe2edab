package io.kq.metadata.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.group.TopicIndex.Topic;
import io.kq.metadata.shard.GroupImage;
import io.kq.protocol.ErrorCode;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rules 2, 5, 8, 10, 13 and 16 of docs/internals/groups.md, with coordinators and their timers. */
class MemberSessionsTest {

    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration REBALANCE = Duration.ofSeconds(60);

    private final SimulatedShard shard = new SimulatedShard();

    private Set<String> members() {
        return shard.image.group("g").map(GroupImage::group).orElseThrow().members().keySet();
    }

    /** Others are alive meanwhile. */
    private void pass(Duration time, SimulatedMember... alive) {
        for (long left = time.toMillis(); left > 0; left -= 500) {
            for (SimulatedMember member : alive) {
                member.beats();
            }
            shard.pass(Duration.ofMillis(Math.min(500, left)));
        }
    }

    @Test
    void memberIsToldWhatItMayReadAndWhereTheGroupHasComeTo() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        assertThat(first.joinedTimes).isEqualTo(1);
        assertThat(first.share()).isEqualTo(2);
        assertThat(first.commits(1, 7).values()).allMatch(refusal -> refusal.isEmpty());
        first.leaves();
        assertThat(first.fencedWith).isEqualTo(ErrorCode.UNKNOWN_MEMBER);
        SimulatedMember next = SimulatedMember.join(shard, "m2");
        assertThat(next.committed).containsOnlyKeys(1).containsValue(7L);
    }

    /** Rule 6, over the coordinator. */
    @Test
    void partitionIsGivenOnceItsOwnerHasReleasedIt() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        SimulatedMember second = SimulatedMember.join(shard, "m2");
        assertThat(first.state().revoking()).hasSize(1);
        assertThat(second.share()).isZero();
        first.releases();
        assertThat(first.share()).isEqualTo(1);
        assertThat(second.share()).isEqualTo(1);
    }

    /** Rule 2. */
    @Test
    void memberWhoseStreamBrokeHasASecond() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        first.breaks();
        shard.pass(Duration.ofMillis(900));
        assertThat(members()).containsExactly("m1");
        SimulatedMember back = first.again();
        shard.pass(Duration.ofSeconds(5));
        assertThat(members()).containsExactly("m1");
        assertThat(back.share()).isEqualTo(2);
        back.breaks();
        shard.pass(Duration.ofMillis(1_200));
        assertThat(members()).isEmpty();
        assertThat(back.again().fencedWith).isEqualTo(ErrorCode.UNKNOWN_MEMBER);
    }

    @Test
    void streamThatBrokeBeforeItsMemberWasWrittenCountsAsBroken() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        first.open = false;
        SimulatedMember back = first.again();
        back.breaks();
        shard.pass(Duration.ofMillis(1_200));
        assertThat(members()).isEmpty();
    }

    /** Rule 2: a stream that stands says nothing of the process behind it. */
    @Test
    void silentMemberIsGoneAfterItsSessionTimeout() {
        SimulatedMember silent = SimulatedMember.join(shard, "m1");
        SimulatedMember alive = SimulatedMember.join(shard, "m2");
        pass(SESSION.minusSeconds(1), alive);
        assertThat(members()).containsExactly("m1", "m2");
        pass(Duration.ofSeconds(2), alive);
        assertThat(members()).containsExactly("m2");
        assertThat(silent.fencedWith).isEqualTo(ErrorCode.UNKNOWN_MEMBER);
        assertThat(alive.share()).isEqualTo(2);
        assertThat(alive.answers).isGreaterThan(10);
        assertThat(silent.commits(0, 5).values())
                .allMatch(refusal -> refusal.orElseThrow().code() == ErrorCode.UNKNOWN_MEMBER);
    }

    /** Any word is a sign of life. */
    @Test
    void memberThatCommitsIsNotSilent() {
        SimulatedMember member = SimulatedMember.join(shard, "m1");
        for (int i = 0; i < 30; i++) {
            shard.coordinator.heard(member);
            shard.pass(Duration.ofMillis(500));
        }
        assertThat(members()).containsExactly("m1");
        assertThat(member.answers).isZero();
    }

    @Test
    void deadMemberIsRemovedOnceAMajorityAnswersAgain() {
        SimulatedMember member = SimulatedMember.join(shard, "m1");
        shard.stalls();
        var unused = shard.coordinator.submit(ShardOperation.read(image -> 0));
        shard.pass(Duration.ofSeconds(3));
        member.breaks();
        shard.pass(Duration.ofSeconds(3));
        assertThat(members()).containsExactly("m1");
        shard.answers();
        shard.pass(Duration.ofMillis(200));
        assertThat(members()).isEmpty();
    }

    /** Rule 8. */
    @Test
    void memberThatDoesNotReleaseIsGoneAfterItsRebalanceTimeout() {
        SimulatedMember keeps = SimulatedMember.join(shard, "m1");
        SimulatedMember waits = SimulatedMember.join(shard, "m2");
        pass(REBALANCE.minusSeconds(1), keeps, waits);
        assertThat(members()).containsExactly("m1", "m2");
        pass(Duration.ofSeconds(2), keeps, waits);
        assertThat(members()).containsExactly("m2");
        assertThat(waits.share()).isEqualTo(2);
    }

    /** Rule 5. */
    @Test
    void staticMemberKeepsItsPlaceWhileItIsAway() {
        SimulatedMember first = SimulatedMember.join(shard, "m1", "i");
        assertThat(first.commits(0, 3).values()).allMatch(refusal -> refusal.isEmpty());
        first.leaves();
        shard.pass(SESSION.minusSeconds(1));
        assertThat(members()).containsExactly("m1");
        int entries = shard.entries;
        SimulatedMember next = SimulatedMember.join(shard, "m2", "i");
        assertThat(next.share()).isEqualTo(2);
        assertThat(next.committed).containsValue(3L);
        assertThat(members()).containsExactly("m2");
        assertThat(shard.entries).isEqualTo(entries + 1);
        next.breaks();
        shard.pass(SESSION.plusSeconds(1));
        assertThat(members()).isEmpty();
    }

    @Test
    void twoProcessesOfOneStaticMemberDoNotTakeItsPlaceFromEachOther() {
        SimulatedMember first = SimulatedMember.join(shard, "m1", "i");
        SimulatedMember second = SimulatedMember.join(shard, "m2", "i");
        assertThat(first.fencedWith).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(first.again().fencedWith).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(second.fencedWith).isNull();
        assertThat(members()).containsExactly("m2");
    }

    /** Rule 16. */
    @Test
    void newCoordinatorGivesEachMemberItsSessionTimeout() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        SimulatedMember second = SimulatedMember.join(shard, "m2");
        first.releases();
        shard.failOver();
        assertThat(first.fencedWith).isEqualTo(ErrorCode.NOT_COORDINATOR);
        int entries = shard.entries;
        SimulatedMember back = first.again();
        assertThat(back.share()).isEqualTo(1);
        assertThat(back.joinedTimes).isEqualTo(1);
        pass(SESSION.minusSeconds(1), back);
        assertThat(members()).containsExactly("m1", "m2");
        assertThat(shard.image.group("g").orElseThrow().group().epoch()).isEqualTo(2);
        pass(Duration.ofSeconds(2), back);
        assertThat(members()).containsExactly("m1");
        assertThat(second.fencedWith).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(back.share()).isEqualTo(2);
        assertThat(shard.entries).isGreaterThan(entries);
    }

    /** Rule 10. */
    @Test
    void topicThatGrowsIsSharedAnew() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        shard.topics.put("a", new Topic(SimulatedShard.A, 5));
        shard.coordinator.topicsChanged(Set.of());
        shard.loop.runDue();
        assertThat(first.share()).isEqualTo(5);
    }

    /** Rules 10 and 13: also what changed while there was no coordinator. */
    @Test
    void topicsThatCameAndWentWithoutACoordinatorAreFound() {
        SimulatedMember first = SimulatedMember.join(shard, "m1");
        assertThat(first.commits(0, 3).values()).allMatch(refusal -> refusal.isEmpty());
        shard.topics.put("a", new Topic(new UUID(0, 2), 1));
        shard.failOver();
        SimulatedMember back = first.again();
        pass(Duration.ofSeconds(31), back);
        assertThat(shard.image.group("g").orElseThrow().offsets()).hasSize(1);
        pass(Duration.ofSeconds(31), back);
        assertThat(shard.image.group("g").orElseThrow().offsets()).isEmpty();
    }

    @Test
    void idleCoordinatorWritesNowAndThen() {
        int entries = shard.entries;
        shard.pass(Duration.ofSeconds(10));
        assertThat(shard.entries - entries).isBetween(2, 4);
    }
}
