package io.kq.system.check.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one node had on its disk at the end: of each partition the epoch and value per offset. */
public final class ReplicaDump {

    private final int node;
    private final TreeMap<Integer, Replica> replicas = new TreeMap<>();
    private final List<String> defects = new ArrayList<>();

    public ReplicaDump(int node) {
        this.node = node;
    }

    /** One batch, by its header. */
    public record Batch(
            long baseOffset,
            long lastOffset,
            int leaderEpoch,
            long producerId,
            int producerEpoch,
            int baseSequence,
            boolean control) {}

    /** One partition's replica. */
    public static final class Replica {
        private final IntColumn epochs = new IntColumn();
        private final LongColumn values = new LongColumn();
        private final List<Batch> batches = new ArrayList<>();
        private long start = -1;
        private long end;

        /** First offset that counts; what stands before it is about to be deleted. */
        public void startsAt(long offset) {
            start = offset;
        }

        public void batch(Batch batch) {
            batches.add(batch);
            end = batch.lastOffset() + 1;
            for (long o = batch.baseOffset(); o <= batch.lastOffset(); o++) {
                epochs.put(o, batch.leaderEpoch());
            }
        }

        public void record(long offset, long value) {
            values.put(offset, value);
        }

        /** -1: no batch covers the offset. */
        public int epoch(long offset) {
            return epochs.get(offset);
        }

        public long value(long offset) {
            return values.get(offset);
        }

        public long start() {
            return Math.max(0, start);
        }

        public long end() {
            return end;
        }

        public List<Batch> batches() {
            return batches;
        }
    }

    public int node() {
        return node;
    }

    /** Made if there is none. */
    public Replica replica(int partition) {
        return replicas.computeIfAbsent(partition, p -> new Replica());
    }

    public Map<Integer, Replica> replicas() {
        return replicas;
    }

    public void defect(String text) {
        defects.add(text);
    }

    public List<String> defects() {
        return defects;
    }
}
