package io.kq.metadata.coordinator;

import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.GroupImage;
import io.kq.protocol.TopicIdPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a coordinator knows of one member besides what is written: whether it is there, since when
 * it is not, and what it was told. Time is passed in. Loop thread only.
 */
final class MemberSession {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A dynamic member whose stream broke has so long to be back (rule 2). */
    static final long GRACE_NANOS = 1_000 * NANOS_PER_MILLI;

    private static final int TOLD_NOTHING = -1;

    final String groupId;
    final String memberId;
    private MemberInfo info;
    private @Nullable MemberStream stream;
    private long heardNanos;

    /** How long it may be without a stream. */
    private long absenceNanos;

    private int toldVersion = TOLD_NOTHING;

    /** Since when it has had something to release; null: it has not. */
    private @Nullable Long revokingSinceNanos;

    /** It is being removed: nothing more is decided about it. */
    private boolean leaving;

    /**
     * Of a member that this coordinator has not heard yet: it has its session timeout (rule 16).
     */
    MemberSession(String groupId, GroupMember member, long nowNanos) {
        this.groupId = groupId;
        this.memberId = member.id();
        this.info = member.info();
        this.heardNanos = nowNanos;
        this.absenceNanos = sessionNanos();
    }

    private long sessionNanos() {
        return info.timeouts().sessionMillis() * NANOS_PER_MILLI;
    }

    /** It is here by {@code next}; answers the stream that it had before. */
    Optional<MemberStream> attach(MemberStream next, GroupMember member, long nowNanos) {
        MemberStream old = stream;
        stream = next;
        info = member.info();
        heardNanos = nowNanos;
        toldVersion = TOLD_NOTHING;
        return old == next ? Optional.empty() : Optional.ofNullable(old);
    }

    /** Its stream is gone; of no effect if it has another one by now. */
    void detach(MemberStream gone, long nowNanos) {
        if (stream == gone) {
            stream = null;
            heardNanos = nowNanos;
            absenceNanos = info.isStatic() ? sessionNanos() : GRACE_NANOS;
        }
    }

    String instanceId() {
        return info.instanceId();
    }

    Optional<MemberStream> stream() {
        return Optional.ofNullable(stream);
    }

    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** Tells it what is new to it. */
    void tell(GroupImage group, GroupMember member, long nowNanos) {
        info = member.info();
        if (member.revoking().isEmpty()) {
            revokingSinceNanos = null;
        } else if (revokingSinceNanos == null) {
            revokingSinceNanos = nowNanos;
        }
        MemberStream present = stream;
        if (present != null && toldVersion != member.version()) {
            toldVersion = member.version();
            Map<TopicIdPartition, CommittedOffset> committed = new HashMap<>();
            for (TopicIdPartition partition : member.assigned().keySet()) {
                CommittedOffset offset = group.offsets().get(partition);
                if (offset != null) {
                    committed.put(partition, offset);
                }
            }
            present.assignment(member, committed);
        }
    }

    /** Why it is taken for dead now, if it is; said once. */
    Optional<String> death(long nowNanos) {
        if (leaving) {
            return Optional.empty();
        }
        Optional<String> cause = cause(nowNanos);
        leaving = cause.isPresent();
        return cause;
    }

    private Optional<String> cause(long nowNanos) {
        long silent = nowNanos - heardNanos;
        if (stream == null && silent >= absenceNanos) {
            return Optional.of("was gone for " + absenceNanos / NANOS_PER_MILLI + " ms");
        }
        if (silent >= sessionNanos()) {
            return Optional.of("sent nothing for " + info.timeouts().sessionMillis() + " ms");
        }
        Long since = revokingSinceNanos;
        long patience = info.timeouts().rebalanceMillis() * NANOS_PER_MILLI;
        return since != null && nowNanos - since >= patience
                ? Optional.of(
                        "did not release partitions for "
                                + info.timeouts().rebalanceMillis()
                                + " ms")
                : Optional.empty();
    }

    /** It was silent for so much less. */
    void forgive(long nanos) {
        heardNanos += nanos;
        Long since = revokingSinceNanos;
        if (since != null) {
            revokingSinceNanos = since + nanos;
        }
    }

    /** It is not being removed after all. */
    void spare() {
        leaving = false;
    }
}
