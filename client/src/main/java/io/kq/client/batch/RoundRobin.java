package io.kq.client.batch;

/**
 * Which partition a record without a key goes to. Round robin: while nothing is under way (a person
 * types lines) each record goes to the next partition. When records come faster than they are
 * acknowledged, the runs that stay with a partition double with each time round, so that batches
 * fill; a run also ends when its batch has left. Any thread.
 *
 * <p>Kafka's sticky partitioner (KIP-480, KIP-794) stays with a partition until a batch is full or
 * sent, so that a few lines in a row land together; here they are spread from the first one.
 */
final class RoundRobin {

    private static final int RUN_MAX = 1 << 20;

    private int current;
    private int run = 1;

    /** Records that the present run still has. */
    private int left;

    /** Switches since the runs were last doubled. */
    private int switches;

    RoundRobin(int start) {
        this.current = start;
    }

    /** The partition's index in {@code queues}. */
    synchronized int next(PartitionQueue[] queues, boolean nothingUnderWay) {
        if (nothingUnderWay) {
            run = 1;
            left = 0;
            switches = 0;
        }
        if (left > 0 && current < queues.length && queues[current].hasOpen()) {
            left--;
            return current;
        }
        current = nextLed(queues);
        if (++switches >= queues.length) {
            switches = 0;
            run = Math.min(run * 2, RUN_MAX);
        }
        left = run - 1;
        return current;
    }

    private int nextLed(PartitionQueue[] queues) {
        int following = (current + 1) % queues.length;
        for (int i = 0; i < queues.length; i++) {
            int candidate = (following + i) % queues.length;
            if (queues[candidate].isLed()) {
                return candidate;
            }
        }
        return following;
    }
}
