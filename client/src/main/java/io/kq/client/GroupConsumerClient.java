package io.kq.client;

import io.kq.client.group.AssignmentListener;
import io.kq.client.group.GroupConfig;
import io.kq.client.group.GroupOffset;
import io.kq.client.group.GroupSession;
import io.kq.client.group.MemberAssignment;
import io.kq.client.group.Subscription;
import io.kq.client.rpc.group.GroupStreams;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A group's member: a consumer whose partitions the {@link GroupSession} tells. */
final class GroupConsumerClient implements KqGroupConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(GroupConsumerClient.class);

    private static final Duration BEGIN_AGAIN = Duration.ofMillis(500);
    private static final Duration LEAVE_MAX = Duration.ofSeconds(5);

    private final Clock clock = Clock.system();
    private final ConsumerConfig config;
    private final GroupConfig group;
    private final Duration requestTimeout;
    private final ConsumerClient reader;
    private final GroupSession session;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Told by the application. */
    private final AtomicBoolean wokenUp = new AtomicBoolean();

    private AssignmentListener listener = AssignmentListener.NONE;

    /** What is read is of this one. */
    private MemberAssignment followed;

    private final Set<TopicPartition> reading = new TreeSet<>();

    /** What was committed of each partition, or is on its way. */
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    private long autoCommittedNanos;
    private long begunNanos;

    GroupConsumerClient(ClientConfig client, ConsumerConfig config, GroupConfig group) {
        this.config = config;
        this.group = group;
        this.requestTimeout = client.requestTimeout();
        this.reader = new ConsumerClient(client, config);
        ClusterAccess cluster = reader.cluster();
        this.session =
                new GroupSession(
                        cluster.loop(),
                        clock,
                        group,
                        client.requestTimeout(),
                        cluster.view(),
                        new GroupStreams(cluster.loop(), cluster.channels(), group),
                        reader::wakeup);
        this.followed = session.assignment();
        this.autoCommittedNanos = clock.nanoTime();
    }

    @Override
    public void subscribe(Subscription subscription, AssignmentListener toBeTold) {
        listener = toBeTold;
        session.polled();
        reader.cluster().view().start();
        session.subscribe(subscription);
        // Known by the time that there is a share: a partition that moves waits for nothing else.
        subscription.topics().forEach(reader::follow);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.copyOf(reading);
    }

    // ---- records

    @Override
    public List<ConsumerRecord> poll(Duration timeout) {
        long deadline = clock.nanoTime() + Waits.bounded("timeout", timeout).toNanos();
        while (true) {
            session.polled();
            follow();
            commitWhenDue();
            long left = Math.max(0, deadline - clock.nanoTime());
            List<ConsumerRecord> records = read(Math.min(left, longestWait()));
            session.polled();
            boolean over = clock.nanoTime() - deadline >= 0 || wokenUp.getAndSet(false);
            if (!records.isEmpty() || over) {
                return records;
            }
        }
    }

    /** A topic that is gone is no failure: the group will share what there is. */
    private List<ConsumerRecord> read(long nanos) {
        try {
            return reader.poll(Duration.ofNanos(nanos));
        } catch (RejectedException e) {
            Set<TopicPartition> gone = new HashSet<>();
            for (TopicPartition partition : reading) {
                if (partition.toString().equals(e.metadata().get("partition"))) {
                    gone.add(partition);
                }
            }
            if (!isGone(e) || gone.isEmpty()) {
                throw e;
            }
            forget(gone);
            return List.of();
        }
    }

    /** So that commits are made, and begun again what could not be, in time. */
    private long longestWait() {
        return Math.min(
                BEGIN_AGAIN.toNanos(),
                group.autoCommit().map(Duration::toNanos).orElse(Long.MAX_VALUE));
    }

    // ---- partitions

    /** Reads what the newest assignment says. */
    private void follow() {
        RejectedException fatal = session.fatal();
        MemberAssignment newest = session.assignment();
        boolean news = newest.sequence() != followed.sequence();
        if (news) {
            if (newest.incarnation() != followed.incarnation()) {
                lose();
            }
            letGo(newest);
            followed = newest;
        }
        if (news || isTimeToTryAgain()) {
            begin(newest);
        }
        if (fatal != null) {
            throw fatal;
        }
    }

    private void lose() {
        Set<TopicPartition> lost = new TreeSet<>(reading);
        forget(lost);
        if (!lost.isEmpty()) {
            LOG.info("Lost partitions group={} partitions={}", group.groupId(), lost);
            listener.onLost(lost);
        }
    }

    private void letGo(MemberAssignment newest) {
        Set<TopicPartition> gone = new TreeSet<>(reading);
        gone.removeAll(newest.partitions().keySet());
        if (!gone.isEmpty()) {
            listener.onRevoked(Set.copyOf(gone));
            if (group.autoCommit().isPresent()) {
                commitQuietly(positions(gone));
            }
            forget(gone);
        }
        if (newest.awaitsRelease()) {
            session.release(newest);
        }
    }

    private void forget(Set<TopicPartition> partitions) {
        reader.remove(partitions);
        reading.removeAll(partitions);
        committed.keySet().removeAll(partitions);
    }

    /**
     * Some of its share could not be begun: this client knew its topic not yet, or not any more.
     */
    private boolean isTimeToTryAgain() {
        return reading.size() < followed.partitions().size()
                && clock.nanoTime() - begunNanos >= BEGIN_AGAIN.toNanos();
    }

    private void begin(MemberAssignment newest) {
        begunNanos = clock.nanoTime();
        Map<String, Map<TopicPartition, KqConsumer.Position>> byTopic = new TreeMap<>();
        newest.partitions()
                .forEach(
                        (partition, at) -> {
                            if (!reading.contains(partition)) {
                                byTopic.computeIfAbsent(partition.topic(), t -> new HashMap<>())
                                        .put(partition, start(partition, at));
                            }
                        });
        Set<TopicPartition> begun = new TreeSet<>();
        byTopic.values().forEach(starts -> begun.addAll(begun(starts)));
        if (!begun.isEmpty()) {
            listener.onAssigned(begun);
        }
    }

    /** All of one topic, or none. */
    private Set<TopicPartition> begun(Map<TopicPartition, KqConsumer.Position> starts) {
        try {
            reader.add(starts);
        } catch (RejectedException e) {
            if (isGone(e)) {
                return Set.of();
            }
            throw e;
        }
        reading.addAll(starts.keySet());
        starts.forEach(
                (partition, position) -> {
                    if (position.kind() == KqConsumer.Position.Kind.OFFSET) {
                        committed.put(partition, position.value());
                    }
                });
        return starts.keySet();
    }

    private static boolean isGone(RejectedException e) {
        return e.code() == ErrorCode.TOPIC_NOT_FOUND || e.code() == ErrorCode.PARTITION_NOT_FOUND;
    }

    private KqConsumer.Position start(TopicPartition partition, OptionalLong at) {
        if (at.isPresent()) {
            return KqConsumer.Position.offset(at.getAsLong());
        }
        return switch (config.reset()) {
            case EARLIEST -> KqConsumer.Position.EARLIEST;
            case LATEST -> KqConsumer.Position.LATEST;
            case NONE ->
                    throw new RejectedException(
                                    ErrorCode.OFFSET_OUT_OF_RANGE,
                                    "group '"
                                            + group.groupId()
                                            + "' has no offset of "
                                            + partition
                                            + ", and no reset policy says where to begin")
                            .with("partition", partition.toString());
        };
    }

    // ---- commits

    private void commitWhenDue() {
        long now = clock.nanoTime();
        Duration every = group.autoCommit().orElse(null);
        if (every != null && now - autoCommittedNanos >= every.toNanos()) {
            autoCommittedNanos = now;
            commitQuietly(positions(reading));
        }
    }

    /** Where reading has come to, as far as that is news to the group. */
    private Map<TopicPartition, GroupOffset> positions(Set<TopicPartition> partitions) {
        Map<TopicPartition, GroupOffset> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long position = reader.position(partition);
            Long known = committed.get(partition);
            if (known == null || known != position) {
                positions.put(partition, GroupOffset.of(position));
            }
        }
        return positions;
    }

    private void commitQuietly(Map<TopicPartition, GroupOffset> offsets) {
        if (!offsets.isEmpty()) {
            var unused =
                    commitAsync(offsets)
                            .whenComplete(
                                    (done, failure) -> {
                                        if (failure != null) {
                                            LOG.warn(
                                                    "Did not commit group={} offsets={} cause={}",
                                                    group.groupId(),
                                                    offsets,
                                                    failure.getMessage());
                                        }
                                    });
        }
    }

    @Override
    public void commit() {
        Waits.await(commitAsync());
    }

    @Override
    public void commit(Map<TopicPartition, GroupOffset> offsets) {
        Waits.await(commitAsync(offsets));
    }

    @Override
    public CompletableFuture<Void> commitAsync() {
        Map<TopicPartition, GroupOffset> all = new HashMap<>();
        reading.forEach(
                partition -> all.put(partition, GroupOffset.of(reader.position(partition))));
        return commitAsync(all);
    }

    @Override
    public CompletableFuture<Void> commitAsync(Map<TopicPartition, GroupOffset> offsets) {
        if (offsets.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        offsets.forEach(
                (partition, offset) -> {
                    if (reading.contains(partition)) {
                        committed.put(partition, offset.offset());
                    }
                });
        return session.commit(offsets);
    }

    // ---- as any reader

    @Override
    public void seek(TopicPartition partition, KqConsumer.Position position) {
        reader.seek(partition, position);
    }

    @Override
    public void pause(Set<TopicPartition> partitions) {
        reader.pause(partitions);
    }

    @Override
    public void resume(Set<TopicPartition> partitions) {
        reader.resume(partitions);
    }

    @Override
    public long position(TopicPartition partition) {
        return reader.position(partition);
    }

    @Override
    public Map<TopicPartition, KqConsumer.Range> offsets(Set<TopicPartition> partitions) {
        return reader.offsets(partitions);
    }

    @Override
    public Map<TopicPartition, Stall> stalls() {
        return reader.stalls();
    }

    @Override
    public Optional<RejectedException> trouble() {
        return Optional.ofNullable(session.trouble());
    }

    @Override
    public void wakeup() {
        wokenUp.set(true);
        reader.wakeup();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CompletableFuture<?> last =
                group.autoCommit().isPresent() && session.trouble() == null
                        ? commitAsync(new HashMap<>(positions(reading)))
                                .exceptionally(failure -> null)
                        : CompletableFuture.completedFuture(null);
        last.completeOnTimeout(null, requestTimeout.toMillis(), TimeUnit.MILLISECONDS).join();
        session.leave().completeOnTimeout(null, LEAVE_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
        reader.close(session::close);
    }
}
