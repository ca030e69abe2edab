package io.kq.broker.admin;

import io.kq.broker.admin.ReplicationMetrics.Lags;
import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.metadata.MetadataSource;
import io.kq.protocol.RejectedException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;

/** All meters of a node, and their text form. Any thread. */
public final class NodeMetrics {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final ReplicationMetrics replication;

    NodeMetrics(int nodeId, MetadataSource metadata, Lags lags, int labelsMax) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbage.bindTo(registry);
        Gauge.builder(
                        "kq.controller.active",
                        metadata,
                        source -> source.controller().nodeId() == nodeId ? 1 : 0)
                .description("1 if this node is the active controller, else 0")
                .register(registry);
        replication = new ReplicationMetrics(registry, nodeId, metadata, lags, labelsMax);
    }

    /**
     * Begins to count.
     *
     * @param labelsMax meters of single partitions at most
     */
    public static NodeMetrics of(
            int nodeId, MetadataSource metadata, PartitionRegistry partitions, int labelsMax) {
        return new NodeMetrics(
                nodeId,
                metadata,
                partition -> {
                    try {
                        return partitions.route(partition.topic(), partition.partition(), null)
                                        instanceof PartitionLeader leader
                                ? Optional.of(leader.lags())
                                : Optional.empty();
                    } catch (RejectedException notLedHere) {
                        return Optional.empty();
                    }
                },
                labelsMax);
    }

    /** All of them now, in the form that Prometheus reads. */
    String text() {
        replication.refresh();
        return registry.scrape();
    }

    /** To be closed when no more is to be counted. */
    public AutoCloseable subscription() {
        return replication.subscription();
    }
}
