package io.kq.client.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeRoutes;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.CompressionCodec;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A producer and its cluster on one clock that the test turns. */
final class SimulatedProducer {

    /** What became of one record. */
    static final class Sent implements SendCallback {
        final String value;
        final int wantedPartition;
        int partition = -1;
        long offset = -2;
        @Nullable RejectedException failure;
        boolean done;

        Sent(String value, int wantedPartition) {
            this.value = value;
            this.wantedPartition = wantedPartition;
        }

        @Override
        public void onAcknowledged(int ackedPartition, long ackedOffset) {
            end();
            partition = ackedPartition;
            offset = ackedOffset;
        }

        @Override
        public void onFailed(RejectedException why) {
            end();
            failure = why;
        }

        private void end() {
            if (done) {
                throw new AssertionError("told twice: " + value);
            }
            done = true;
        }
    }

    static final ProducerSettings SETTINGS =
            new ProducerSettings(
                    AckMode.ALL,
                    true,
                    Duration.ZERO,
                    600,
                    1 << 20,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(10),
                    CompressionCodec.NONE);

    final ManualClock clock = new ManualClock();
    final ManualEventLoop loop = new ManualEventLoop(clock);
    final SimulatedCluster cluster;
    final Accumulator accumulator;
    final List<Sent> all = new ArrayList<>();

    SimulatedProducer(long seed, int partitions, ProducerSettings settings) {
        RandomSource random = RandomSource.seeded(seed);
        cluster = new SimulatedCluster(clock, loop, random, partitions);
        ClusterView view =
                new ClusterView(
                        loop,
                        clock,
                        cluster,
                        topic -> new CompletableFuture<>(),
                        List.of(SimulatedCluster.address(0)));
        accumulator =
                new Accumulator(
                        loop,
                        clock,
                        random,
                        settings,
                        new Accumulator.Ports(view, new NodeRoutes(view, clock), cluster, cluster));
        CompletableFuture<Integer> known =
                accumulator.partitionCount(SimulatedCluster.TOPIC, Duration.ofSeconds(5));
        run(Duration.ofMillis(100));
        if (known.join() != partitions) {
            throw new AssertionError();
        }
    }

    Sent send(int partition, String value) {
        Sent sent = new Sent(value, partition);
        all.add(sent);
        accumulator.send(
                SimulatedCluster.TOPIC,
                partition,
                clock.epochMillis(),
                null,
                value.getBytes(UTF_8),
                List.of(),
                sent);
        return sent;
    }

    /** Lets time pass, a millisecond at a time. */
    void run(Duration time) {
        for (long i = 0; i < time.toMillis(); i++) {
            loop.runDue();
            clock.advance(Duration.ofMillis(1));
        }
        loop.runDue();
    }

    /** Lets time pass until all is done. */
    void finish(Duration bound) {
        CompletableFuture<Void> flushed = accumulator.flush();
        for (long i = 0; i < bound.toMillis() && !flushed.isDone(); i++) {
            run(Duration.ofMillis(1));
        }
        if (!flushed.isDone()) {
            throw new AssertionError("not flushed within " + bound);
        }
    }
}
