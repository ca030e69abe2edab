package io.kq.broker.admin;

import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.TopicPartition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * All meters of replication on one node: what it leads, how its followers keep up, how often
 * leaders and in-sync sets changed. Meters of the controller and of logs are not here.
 */
final class ReplicationMetrics {

    private final int nodeId;
    private final MetadataSource metadata;
    private final Lags lags;
    private final int lagRowsMax;
    private final Counter elections;
    private final Counter uncleanElections;
    private final Counter isrShrinks;
    private final Counter isrExpands;
    private final MultiGauge lagOfReplicas;
    private final AutoCloseable subscription;

    /** How far the followers of a partition that is led here are behind, by node id. */
    @FunctionalInterface
    interface Lags {
        /** Empty: it is not led here. */
        Optional<Map<Integer, Long>> of(TopicPartition partition);
    }

    private record Row(TopicPartition partition, int replica, long lag) {}

    /**
     * Registers the meters and begins to count.
     *
     * @param lagRowsMax replicas with a meter of their own at most, those with the largest lag
     */
    ReplicationMetrics(
            MeterRegistry registry,
            int nodeId,
            MetadataSource metadata,
            Lags lags,
            int lagRowsMax) {
        this.nodeId = nodeId;
        this.metadata = metadata;
        this.lags = lags;
        this.lagRowsMax = lagRowsMax;
        this.elections =
                counter(
                        registry,
                        "kq.replication.elections",
                        "Partitions that this node began to lead in a new leader epoch");
        this.uncleanElections =
                counter(
                        registry,
                        "kq.replication.unclean.elections",
                        "Those of them that may have lost committed records");
        this.isrShrinks =
                counter(
                        registry,
                        "kq.replication.isr.shrinks",
                        "Replicas that left the in-sync set of a partition led here");
        this.isrExpands =
                counter(
                        registry,
                        "kq.replication.isr.expands",
                        "Replicas that joined the in-sync set of a partition led here");
        gauge(registry, "partitions", "Partitions with a replica here", this::isHere);
        gauge(registry, "leaders", "Partitions led here", (topic, partition) -> leads(partition));
        gauge(
                registry,
                "under.replicated.partitions",
                "Partitions led here with fewer in-sync replicas than replicas",
                (topic, partition) -> leads(partition) && partition.isUnderReplicated());
        gauge(
                registry,
                "under.min.isr.partitions",
                "Partitions led here that take no writes with acks=all",
                (topic, partition) ->
                        leads(partition) && partition.isr().size() < topic.minIsr(partition));
        gauge(
                registry,
                "offline.partitions",
                "Partitions of the cluster without a leader, as this node knows",
                (topic, partition) -> !partition.hasLeader());
        Gauge.builder("kq.replication.lag.max.records", this, ReplicationMetrics::largestLag)
                .description("Records that the farthest follower of a partition led here lacks")
                .register(registry);
        this.lagOfReplicas =
                MultiGauge.builder("kq.replication.lag.records")
                        .description("Records that a follower of a partition led here lacks")
                        .register(registry);
        this.subscription = metadata.subscribe(this::count);
    }

    private static Counter counter(MeterRegistry registry, String name, String what) {
        return Counter.builder(name).description(what).register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String what,
            BiPredicate<TopicImage, PartitionImage> counts) {
        Function<MetadataImage, Double> value =
                image ->
                        (double)
                                image.topics().values().stream()
                                        .mapToLong(
                                                topic ->
                                                        topic.partitions().stream()
                                                                .filter(p -> counts.test(topic, p))
                                                                .count())
                                        .sum();
        Gauge.builder("kq.replication." + name, metadata, source -> value.apply(source.image()))
                .description(what)
                .register(registry);
    }

    private boolean isHere(TopicImage topic, PartitionImage partition) {
        return partition.replicas().contains(nodeId);
    }

    private boolean leads(PartitionImage partition) {
        return partition.leader() == nodeId;
    }

    private void count(MetadataDelta delta) {
        LeadershipChanges changes = LeadershipChanges.of(delta, nodeId);
        elections.increment(changes.elections());
        uncleanElections.increment(changes.uncleanElections());
        isrShrinks.increment(changes.isrShrinks());
        isrExpands.increment(changes.isrExpands());
    }

    /** Has the meters of single replicas tell of those that there are now. Before a reading. */
    void refresh() {
        List<Row> rows = rows();
        rows.sort(Comparator.comparingLong(Row::lag).reversed());
        lagOfReplicas.register(
                rows.stream()
                        .limit(lagRowsMax)
                        .map(row -> MultiGauge.Row.of(tags(row), row.lag()))
                        .toList(),
                true);
    }

    private static Tags tags(Row row) {
        return Tags.of(
                "topic",
                row.partition().topic(),
                "partition",
                Integer.toString(row.partition().partition()),
                "replica",
                Integer.toString(row.replica()));
    }

    private double largestLag() {
        return rows().stream().mapToLong(Row::lag).max().orElse(0);
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (TopicImage topic : metadata.image().topics().values()) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                if (leads(topic.partitions().get(i))) {
                    TopicPartition partition = new TopicPartition(topic.name(), i);
                    lags.of(partition)
                            .ifPresent(
                                    found ->
                                            found.forEach(
                                                    (replica, lag) ->
                                                            rows.add(
                                                                    new Row(
                                                                            partition, replica,
                                                                            lag))));
                }
            }
        }
        return rows;
    }

    /** To be closed when no more is to be counted. */
    AutoCloseable subscription() {
        return subscription;
    }
}
