package io.kq.metadata.decision;

import static io.kq.metadata.image.Images.TOPIC;
import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.metadata.image.Images;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DrainDecisionsTest {

    private final DrainDecisions decisions =
            new DrainDecisions(new BrokerDecisions(3, ReplicaRules.STRICT));
    private final Turn turn = new Turn(5_000, 7, RandomSource.seeded(1), null);
    private final MetadataImage image =
            with(
                    Images.withBrokers(0, 1, 2),
                    (MetadataRecord) topic(TOPIC, "t", 2, 0, 1),
                    topic(new UUID(3, 2), "alone", 1, 0));

    private static MetadataImage applied(MetadataImage image, Decision<?> decision) {
        return with(image, decision.records().toArray(MetadataRecord[]::new));
    }

    private static ErrorCode refused(ThrowingCallable call) {
        return catchThrowableOfType(RejectedException.class, call).code();
    }

    @Test
    void drainedBrokerLeadsOnlyWhatNobodyElseCan() {
        Decision<Integer> decision = decisions.drain(0, image, turn);
        assertThat(decision.finished()).isTrue();
        assertThat(decision.reply()).isEqualTo(1);
        MetadataImage after = applied(image, decision);
        assertThat(after.isActive(0)).isFalse();
        assertThat(after.topic("t").orElseThrow().partitions())
                .extracting(PartitionImage::leader)
                .containsOnly(1);
        assertThat(applied(after, decisions.resume(0, after, turn)).isActive(0)).isTrue();
        assertThat(decisions.resume(1, image, turn).records()).isEmpty();
    }

    @Test
    void largeDrainHasParts() {
        MetadataImage large = with(image, (MetadataRecord) topic(new UUID(3, 3), "u", 5, 0, 2));
        Decision<Integer> part = decisions.drain(0, large, turn);
        assertThat(part.finished()).isFalse();
        MetadataImage after = applied(large, part);
        while (!part.finished()) {
            part = decisions.drain(0, after, turn);
            after = applied(after, part);
        }
        assertThat(part.reply()).isEqualTo(1);
        assertThat(DrainDecisions.ledBy(0, after)).isEqualTo(1);
    }

    @Test
    void onlyABrokerThatIsDownAndEmptyIsForgotten() {
        assertThat(refused(() -> decisions.unregister(2, image)))
                .isEqualTo(ErrorCode.BROKER_IN_USE);
        MetadataImage down = with(image, new BrokerFenced(2, 102, 1), new BrokerFenced(1, 101, 1));
        assertThat(refused(() -> decisions.unregister(1, down))).isEqualTo(ErrorCode.BROKER_IN_USE);
        assertThat(decisions.unregister(2, down).records())
                .containsExactly(new BrokerUnregistered(2, 102));
    }

    @Test
    void unknownBrokerIsNamed() {
        assertThat(refused(() -> decisions.drain(9, image, turn)))
                .isEqualTo(ErrorCode.BROKER_NOT_FOUND);
        assertThat(refused(() -> decisions.resume(9, image, turn)))
                .isEqualTo(ErrorCode.BROKER_NOT_FOUND);
        assertThat(refused(() -> decisions.unregister(9, image)))
                .isEqualTo(ErrorCode.BROKER_NOT_FOUND);
    }
}
