package io.kq.benchmark;

import io.kq.log.index.IndexStore;
import io.kq.log.index.PartitionIndex;
import io.kq.log.index.SparseEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The index's answer to a random offset of a random partition, when it has ten million entries and
 * none of those asked for is in memory: RocksDB, and the look at the batch that proves the entry.
 */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up methods before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
public class IndexLookupBenchmark {

    private static final long INDEX_MEMORY_BYTES = 48L << 20;

    @Param("2000")
    int partitions;

    @Param("5000")
    int entriesPerPartition;

    private Scratch scratch;
    private IndexStore store;
    private ProofFile proof;
    private final List<PartitionIndex> indexes = new ArrayList<>();

    /** Writes the entries as appends would have, and opens the index anew. */
    @Setup
    public void fill() throws IOException {
        scratch = Scratch.make();
        proof = new ProofFile(scratch.resolve("proof"));
        try (IndexStore filled = IndexStore.open(scratch.resolve("index"), INDEX_MEMORY_BYTES)) {
            for (int id = 0; id < partitions; id++) {
                new IndexedBatches(filled, id, proof).append(entriesPerPartition);
            }
            filled.flush();
        }
        store = IndexStore.open(scratch.resolve("index"), INDEX_MEMORY_BYTES);
        for (int id = 0; id < partitions; id++) {
            IndexedBatches log = new IndexedBatches(store, id, proof);
            log.reopen(entriesPerPartition);
            indexes.add(log.index());
        }
    }

    /** Frees the disk. */
    @TearDown
    public void delete() throws IOException {
        store.close();
        proof.close();
        scratch.close();
    }

    /** A random entry. */
    @Benchmark
    public @Nullable SparseEntry randomOffset() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        PartitionIndex index = indexes.get(random.nextInt(partitions));
        return index.floor(
                random.nextLong((long) entriesPerPartition * IndexedBatches.RECORDS_PER_BATCH));
    }
}
