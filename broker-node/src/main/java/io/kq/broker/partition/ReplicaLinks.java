package io.kq.broker.partition;

import io.kq.broker.partition.core.leader.LeaderEffect;
import io.kq.broker.partition.core.leader.LeaderEffect.Push;
import io.kq.broker.partition.core.leader.LeaderEffect.Refuse;
import io.kq.broker.partition.core.leader.LeaderEffect.TellDiverged;
import io.kq.broker.partition.core.leader.LeaderInput.Unsubscribed;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The followers that a leader pushes to, one subscription each. Woken for each append, changed
 * seldom: an array that is copied on change, under the partition's lock, and read without one.
 */
final class ReplicaLinks {

    private static final Entry[] NONE = {};

    private record Entry(int replica, long brokerEpoch, long generation, ReplicaLink link) {}

    private final TopicPartition partition;
    private final int leaderEpoch;
    private volatile Entry[] entries = NONE;

    /** Of a leader of {@code partition} in {@code leaderEpoch}. */
    ReplicaLinks(TopicPartition partition, int leaderEpoch) {
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
    }

    boolean isEmpty() {
        return entries.length == 0;
    }

    /** What the core said to a subscription; {@code link} is told when the turn ends. */
    void answer(LeaderEffect effect, ReplicaSubscription asked, ReplicaLink link, Turn turn) {
        if (effect instanceof Push push) {
            endOlder(asked.replica(), turn);
            add(asked, link);
            turn.then(() -> link.onTaken(push.fromOffset()));
        } else if (effect instanceof TellDiverged diverged) {
            endOlder(asked.replica(), turn);
            turn.then(() -> link.onDiverged(diverged.epoch(), diverged.endOffset()));
        } else if (effect instanceof Refuse refuse) {
            RejectedException reason = Refusals.of(refuse.reason(), partition, leaderEpoch);
            turn.then(() -> link.onEnded(reason));
        }
    }

    private void endOlder(int replica, Turn turn) {
        ReplicaLink older = remove(replica);
        if (older != null) {
            RejectedException reason =
                    new RejectedException(
                            ErrorCode.FENCED_LEADER_EPOCH,
                            "the follower subscribed to " + partition + " anew");
            turn.then(() -> older.onEnded(reason));
        }
    }

    /** The core ends a subscription; its link is told when the turn ends. */
    void end(Refuse refuse, Turn turn) {
        ReplicaLink link = remove(refuse.replica(), refuse.generation());
        if (link != null) {
            RejectedException reason = Refusals.of(refuse.reason(), partition, leaderEpoch);
            turn.then(() -> link.onEnded(reason));
        }
    }

    private void add(ReplicaSubscription asked, ReplicaLink link) {
        List<Entry> all = new ArrayList<>(List.of(entries));
        all.add(new Entry(asked.replica(), asked.brokerEpoch(), asked.generation(), link));
        entries = all.toArray(NONE);
    }

    /** Takes out one subscription; what that is to the core. Null if it is over already. */
    @Nullable Unsubscribed remove(ReplicaLink link) {
        for (Entry entry : entries) {
            if (entry.link() == link) {
                ReplicaLink unused = remove(entry);
                return new Unsubscribed(entry.replica(), entry.brokerEpoch(), entry.generation());
            }
        }
        return null;
    }

    private @Nullable ReplicaLink remove(int replica) {
        for (Entry entry : entries) {
            if (entry.replica() == replica) {
                return remove(entry);
            }
        }
        return null;
    }

    /** Takes out one subscription; null if it is over already. */
    @Nullable ReplicaLink remove(int replica, long generation) {
        for (Entry entry : entries) {
            if (entry.replica() == replica && entry.generation() == generation) {
                return remove(entry);
            }
        }
        return null;
    }

    private ReplicaLink remove(Entry gone) {
        List<Entry> rest = new ArrayList<>(List.of(entries));
        rest.remove(gone);
        entries = rest.toArray(NONE);
        return gone.link();
    }

    /** Forgets all and returns them. */
    List<ReplicaLink> close() {
        List<ReplicaLink> all = new ArrayList<>();
        for (Entry entry : entries) {
            all.add(entry.link());
        }
        entries = NONE;
        return all;
    }

    void onAdvanced() {
        Entry[] now = entries;
        for (int i = 0; i < now.length; i++) {
            now[i].link().onAdvanced();
        }
    }
}
