package io.kq.system.driver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How far a workload is. Any thread. */
final class Progress {

    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private final AtomicIntegerArray acked;
    private final AtomicLong ok = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    Progress(int partitions) {
        acked = new AtomicIntegerArray(partitions);
    }

    /** A write with acks=all was acknowledged. */
    void acked(int partition) {
        acked.incrementAndGet(partition);
        ok.incrementAndGet();
    }

    void failed(boolean definite) {
        (definite ? failed : unknown).incrementAndGet();
    }

    /** Acknowledged so far, by partition. */
    int[] snapshot() {
        int[] counts = new int[acked.length()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = acked.get(i);
        }
        return counts;
    }

    /** Whether each partition has got an acknowledgement since. */
    boolean allBeyond(int[] snapshot) {
        for (int i = 0; i < snapshot.length; i++) {
            if (acked.get(i) <= snapshot[i]) {
                return false;
            }
        }
        return true;
    }

    /** In one line. */
    String words() {
        return "ok=" + ok + " unknown=" + unknown + " failed=" + failed;
    }

    /** Waits until the condition holds; false: it did not in all that time. */
    static boolean await(Duration bound, BooleanSupplier condition) {
        for (long looks = bound.toNanos() / LOOK_NANOS; looks >= 0; looks--) {
            if (condition.getAsBoolean()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return condition.getAsBoolean();
    }
}
