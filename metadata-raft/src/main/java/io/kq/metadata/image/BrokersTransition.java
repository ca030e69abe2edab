package io.kq.metadata.image;

import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.pcollections.PSortedMap;

/** The brokers' half of {@link ImageTransition}. Each method answers whether it had an effect. */
final class BrokersTransition {

    private final PSortedMap<Integer, BrokerImage> before;
    private final Set<Integer> touched = new TreeSet<>();
    private PSortedMap<Integer, BrokerImage> brokers;

    BrokersTransition(PSortedMap<Integer, BrokerImage> before) {
        this.before = before;
        this.brokers = before;
    }

    PSortedMap<Integer, BrokerImage> brokers() {
        return brokers;
    }

    boolean register(BrokerRegistered record) {
        BrokerImage old = brokers.get(record.brokerId());
        if (old != null && old.brokerEpoch() >= record.brokerEpoch()) {
            return false;
        }
        touched.add(record.brokerId());
        brokers =
                brokers.plus(
                        record.brokerId(),
                        new BrokerImage(
                                record.brokerId(),
                                record.incarnationId(),
                                record.brokerEpoch(),
                                record.endpoints().stream().map(BrokerImage.Endpoint::of).toList(),
                                record.rack(),
                                record.directoryIds(),
                                true,
                                false,
                                record.cleanShutdown(),
                                record.version(),
                                record.registeredAtMillis()));
        return true;
    }

    boolean setFenced(int id, long brokerEpoch, boolean fenced, long atMillis) {
        return change(
                id,
                brokerEpoch,
                broker -> broker.fenced() == fenced ? broker : broker.withFenced(fenced, atMillis));
    }

    boolean setShuttingDown(int id, long brokerEpoch, boolean shuttingDown, long atMillis) {
        return change(
                id,
                brokerEpoch,
                broker ->
                        broker.shuttingDown() == shuttingDown
                                ? broker
                                : broker.withShuttingDown(shuttingDown, atMillis));
    }

    /** Of no effect on another broker epoch, or if {@code change} gives the same broker back. */
    private boolean change(int id, long brokerEpoch, UnaryOperator<BrokerImage> change) {
        BrokerImage broker = brokers.get(id);
        if (broker == null || broker.brokerEpoch() != brokerEpoch) {
            return false;
        }
        BrokerImage changed = change.apply(broker);
        if (changed.equals(broker)) {
            return false;
        }
        touched.add(id);
        brokers = brokers.plus(id, changed);
        return true;
    }

    boolean unregister(BrokerUnregistered record) {
        BrokerImage broker = brokers.get(record.brokerId());
        if (broker == null || broker.brokerEpoch() != record.brokerEpoch()) {
            return false;
        }
        touched.add(record.brokerId());
        brokers = brokers.minus(record.brokerId());
        return true;
    }

    Set<Integer> changed() {
        Set<Integer> changed = new TreeSet<>(touched);
        changed.removeIf(
                id -> {
                    BrokerImage broker = brokers.get(id);
                    return broker == null || broker.equals(before.get(id));
                });
        return changed;
    }

    Set<Integer> removed() {
        Set<Integer> removed = new TreeSet<>(touched);
        removed.removeIf(id -> brokers.containsKey(id) || !before.containsKey(id));
        return removed;
    }
}
