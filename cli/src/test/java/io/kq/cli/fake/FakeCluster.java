package io.kq.cli.fake;

import io.kq.cli.shell.Clients;
import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer;
import io.kq.client.KqGroupConsumer;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import io.kq.client.Stall;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ClusterDescription.DirectoryDescription;
import io.kq.client.admin.ClusterDescription.DirectoryState;
import io.kq.client.admin.ClusterDescription.Quorum;
import io.kq.client.admin.ClusterDescription.Voter;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.client.group.GroupConfig;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in memory behind the client's interfaces: topics, records, brokers, and refusals that a
 * test asks for. Times and ids are fixed. Any thread.
 */
public final class FakeCluster implements Clients {

    private final FakeGroups groups = new FakeGroups();

    public static final String CLUSTER_ID = "7Jq-fake-cluster";
    public static final long NOW_MILLIS = 1_795_335_609_407L;

    private final Map<String, TopicDescription> topics = new TreeMap<>();
    private final Map<TopicPartition, List<ConsumerRecord>> logs = new TreeMap<>();
    private final List<BrokerDescription> brokers = new ArrayList<>();
    private final FakeOperator operator = new FakeOperator(this);
    private @Nullable RejectedException down;
    private final Set<Integer> withoutVote = new TreeSet<>();
    private boolean knowsLag = true;
    private @Nullable RejectedException downAfterPolls;
    private int pollsUntilDown;
    private Runnable atNextPoll = () -> {};
    private final Map<TopicPartition, Stall> stalls = new TreeMap<>();
    private int stalledPolls;
    private @Nullable ClientConfig lastClient;
    private @Nullable ProducerConfig lastProducer;
    private @Nullable ConsumerConfig lastConsumer;
    private int refuseFromSend = Integer.MAX_VALUE;
    private @Nullable RejectedException refusal;
    private int sends;

    /** One broker, no topic. */
    public FakeCluster() {
        addBroker(0, true);
    }

    public synchronized void addBroker(int id, boolean up) {
        brokers.add(
                new BrokerDescription(
                        id,
                        "kq-" + id + ":9092",
                        "",
                        up,
                        false,
                        NOW_MILLIS - 42_000,
                        "0.1.0",
                        up ? 11 : 0,
                        30,
                        up ? 10 : 30,
                        up ? 1_288_490_189L : -1,
                        up
                                ? List.of(
                                        directory("/a", DirectoryState.WRITABLE, ""),
                                        directory("/b", DirectoryState.FULL, "no space left"))
                                : List.of()));
    }

    private static DirectoryDescription directory(
            String path, DirectoryState state, String problem) {
        return new DirectoryDescription(
                path, state, problem, 15, 1, 644_245_094L, 7L << 30, 9L << 30);
    }

    /** Makes a topic with one replica on broker 0. */
    public synchronized void addTopic(String name, int partitionCount) {
        addTopic(name, partitionCount, 1, Map.of());
    }

    synchronized TopicDescription addTopic(
            String name, int partitionCount, int replicationFactor, Map<String, String> configs) {
        List<PartitionDescription> partitions = new ArrayList<>();
        List<Integer> replicas =
                brokers.stream().map(BrokerDescription::id).limit(replicationFactor).toList();
        List<Integer> up =
                brokers.stream()
                        .filter(BrokerDescription::up)
                        .map(BrokerDescription::id)
                        .filter(replicas::contains)
                        .toList();
        List<Integer> offline = replicas.stream().filter(id -> !up.contains(id)).toList();
        for (int i = 0; i < partitionCount; i++) {
            int leader = up.isEmpty() ? -1 : up.get(0);
            partitions.add(
                    new PartitionDescription(
                            i, leader, 0, 0, replicas, up, List.of(), offline, List.of(),
                            List.of()));
            logs.putIfAbsent(new TopicPartition(name, i), new ArrayList<>());
        }
        TopicDescription topic =
                new TopicDescription(
                        name,
                        UUID.nameUUIDFromBytes(new byte[] {(byte) name.length()}),
                        replicationFactor,
                        minIsr(configs, replicationFactor),
                        partitions,
                        configs,
                        false,
                        NOW_MILLIS);
        topics.put(name, topic);
        return topic;
    }

    private static int minIsr(Map<String, String> configs, int replicationFactor) {
        String set = configs.get("min.insync.replicas");
        return set != null ? Integer.parseInt(set) : replicationFactor >= 3 ? 2 : 1;
    }

    /** What operators do to it. */
    public FakeOperator operator() {
        return operator;
    }

    synchronized TopicDescription grow(String name, int partitionCount) {
        TopicDescription old = topic(name);
        if (partitionCount <= old.partitions().size()) {
            throw new RejectedException(
                    ErrorCode.INVALID_PARTITIONS,
                    "Topic '" + name + "' has " + old.partitions().size() + " partition(s).");
        }
        return addTopic(name, partitionCount, old.replicationFactor(), old.configs());
    }

    synchronized void configure(String name, Map<String, Optional<String>> changes) {
        TopicDescription old = topic(name);
        Map<String, String> configs = new TreeMap<>(old.configs());
        changes.forEach(
                (key, value) ->
                        value.ifPresentOrElse(v -> configs.put(key, v), () -> configs.remove(key)));
        topics.put(
                name,
                new TopicDescription(
                        name,
                        old.topicId(),
                        old.replicationFactor(),
                        minIsr(configs, old.replicationFactor()),
                        old.partitions(),
                        configs,
                        false,
                        NOW_MILLIS));
    }

    /** One partition is as a test says. */
    public synchronized void setPartition(String name, PartitionDescription partition) {
        TopicDescription old = topic(name);
        List<PartitionDescription> partitions = new ArrayList<>(old.partitions());
        partitions.set(partition.index(), partition);
        topics.put(name, old.with(partitions));
    }

    /** The partition has these replicas now, all in sync. */
    synchronized void place(TopicPartition id, List<Integer> replicas) {
        PartitionDescription old = topic(id.topic()).partitions().get(id.partition());
        setPartition(
                id.topic(),
                new PartitionDescription(
                        old.index(),
                        replicas.get(0),
                        old.leaderEpoch() + 1,
                        old.partitionEpoch() + 1,
                        replicas,
                        replicas,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    synchronized BrokerDescription requireBroker(int id) {
        return brokers.stream()
                .filter(b -> b.id() == id)
                .findFirst()
                .orElseThrow(
                        () ->
                                new RejectedException(
                                        ErrorCode.BROKER_NOT_FOUND,
                                        "No broker has the id " + id + "."));
    }

    synchronized void setDraining(int id, boolean draining) {
        BrokerDescription old = requireBroker(id);
        brokers.set(
                brokers.indexOf(old),
                new BrokerDescription(
                        old.id(),
                        old.address(),
                        old.rack(),
                        old.up(),
                        draining,
                        old.stateSinceMillis(),
                        old.version(),
                        draining ? 0 : old.leaderCount(),
                        old.replicaCount(),
                        old.underReplicatedCount(),
                        old.diskUsedBytes(),
                        old.directories()));
    }

    synchronized void removeBroker(int id) {
        brokers.remove(requireBroker(id));
    }

    synchronized boolean removeTopic(String name) {
        logs.keySet().removeIf(p -> p.topic().equals(name));
        return topics.remove(name) != null;
    }

    public synchronized List<String> topicNames() {
        return List.copyOf(topics.keySet());
    }

    synchronized List<TopicDescription> topics() {
        return List.copyOf(topics.values());
    }

    synchronized TopicDescription topic(String name) {
        failIfDown();
        TopicDescription topic = topics.get(name);
        if (topic != null) {
            return topic;
        }
        RejectedException rejected =
                new RejectedException(ErrorCode.TOPIC_NOT_FOUND, "no topic " + name);
        Optional<String> near = Suggestion.nearest(name, topics.keySet());
        throw near.isPresent() ? rejected.with("suggestion", near.get()) : rejected;
    }

    synchronized List<BrokerDescription> brokers() {
        return List.copyOf(brokers);
    }

    /** A voter more, or one less; whether that is a change. */
    synchronized boolean vote(int id, boolean votes) {
        requireBroker(id);
        return votes ? withoutVote.remove(id) : withoutVote.add(id);
    }

    synchronized Quorum quorum() {
        List<Voter> voters =
                brokers.stream()
                        .map(b -> new Voter(b.id(), b.address(), lag(b), b.up(), "d-" + b.id()))
                        .filter(v -> !withoutVote.contains(v.id()))
                        .toList();
        return new Quorum(1, 7, 40_112, voters);
    }

    private int lag(BrokerDescription broker) {
        return broker.up() && knowsLag ? 3 : -1;
    }

    /** From now on a voter answers that does not lead: it knows nobody's lag. */
    public synchronized void answerByFollower() {
        knowsLag = false;
    }

    /** From now on every call fails like this. */
    public synchronized void goDown(RejectedException reason) {
        down = reason;
    }

    /** Sends from this one on (counted from 0) are refused. */
    public synchronized void refuseSends(int from, RejectedException reason) {
        refuseFromSend = from;
        refusal = reason;
    }

    /** The same, once this many polls have been answered. */
    public synchronized void goDownAfterPolls(int polls, RejectedException reason) {
        pollsUntilDown = polls;
        downAfterPolls = reason;
    }

    /** Nothing can be read from the partition during so many polls, each of which takes 1 s. */
    public synchronized void stall(TopicPartition partition, RejectedException why, int polls) {
        stalls.put(partition, new Stall(why, Duration.ZERO));
        stalledPolls = polls;
    }

    synchronized Map<TopicPartition, Stall> stalls() {
        return Map.copyOf(stalls);
    }

    /** Happens while somebody reads, once. */
    public synchronized void atNextPoll(Runnable event) {
        atNextPoll = event;
    }

    synchronized void onPoll() {
        Runnable event = atNextPoll;
        atNextPoll = () -> {};
        event.run();
        stalls.replaceAll((p, stall) -> new Stall(stall.why(), stall.lasts().plusSeconds(1)));
        if (stalledPolls-- <= 0) {
            stalls.clear();
        }
        if (downAfterPolls != null && pollsUntilDown-- <= 0) {
            down = downAfterPolls;
        }
        failIfDown();
    }

    synchronized void failIfDown() {
        if (down != null) {
            throw down;
        }
    }

    /** Appends as a broker would. @throws RejectedException as {@link #refuseSends} asked for */
    synchronized long append(TopicPartition partition, ProducerRecord record) {
        failIfDown();
        RejectedException refused = refusal;
        if (refused != null && sends++ >= refuseFromSend) {
            throw refused;
        }
        List<ConsumerRecord> log = logs.get(partition);
        if (log == null) {
            throw new RejectedException(ErrorCode.PARTITION_NOT_FOUND, "no " + partition);
        }
        long timestamp = record.timestampMillis() < 0 ? NOW_MILLIS : record.timestampMillis();
        log.add(
                new ConsumerRecord(
                        partition.topic(),
                        partition.partition(),
                        log.size(),
                        timestamp,
                        false,
                        record.key(),
                        record.value(),
                        record.headers()));
        return log.get(log.size() - 1).offset();
    }

    /** Records of a partition. @throws RejectedException TOPIC_NOT_FOUND */
    public synchronized List<ConsumerRecord> log(String topic, int partition) {
        List<ConsumerRecord> log = logs.get(new TopicPartition(topic, partition));
        if (log == null) {
            throw new RejectedException(ErrorCode.TOPIC_NOT_FOUND, "no topic " + topic);
        }
        return List.copyOf(log);
    }

    public synchronized ClientConfig lastClient() {
        return Objects.requireNonNull(lastClient);
    }

    public synchronized ProducerConfig lastProducer() {
        return Objects.requireNonNull(lastProducer);
    }

    public synchronized ConsumerConfig lastConsumer() {
        return Objects.requireNonNull(lastConsumer);
    }

    @Override
    public synchronized KqAdmin admin(ClientConfig config) {
        lastClient = config;
        return new FakeAdmin(this);
    }

    @Override
    public synchronized KqProducer producer(ClientConfig config, ProducerConfig producer) {
        lastClient = config;
        lastProducer = producer;
        return new FakeProducer(this);
    }

    @Override
    public synchronized KqConsumer consumer(ClientConfig config, ConsumerConfig consumer) {
        lastClient = config;
        lastConsumer = consumer;
        return new FakeConsumer(this);
    }

    @Override
    public synchronized KqGroupConsumer member(
            ClientConfig config, ConsumerConfig consumer, GroupConfig group) {
        throw new UnsupportedOperationException("groups are read from real clusters only");
    }

    /** Its consumer groups. */
    public FakeGroups groups() {
        return groups;
    }
}
