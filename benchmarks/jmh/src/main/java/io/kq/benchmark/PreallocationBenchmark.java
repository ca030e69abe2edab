package io.kq.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What appends to a file cost, by what was done to it before: with nothing but writes ({@code
 * flush=os}), and with a sync after each one ({@code flush=fsync}). What the preparation itself
 * costs is {@link #prepare}.
 */
@SuppressWarnings("NullAway.Init") // JMH calls the set-up methods before anything else
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
public class PreallocationBenchmark {

    static final int FILE_BYTES = 256 << 20;

    @Param Preallocation file = Preallocation.NONE;

    @Param({"4096", "65536"})
    int batchBytes;

    private Scratch scratch;
    private PreparedFile prepared;
    private ByteBuffer batch;

    /** Makes a batch. */
    @Setup(Level.Trial)
    public void makeBatch() {
        batch = ByteBuffer.allocateDirect(batchBytes);
        while (batch.hasRemaining()) {
            batch.put((byte) 7);
        }
        batch.flip();
    }

    /** Makes a file. */
    @Setup(Level.Iteration)
    public void makeFile() throws IOException {
        scratch = Scratch.make();
        prepared = new PreparedFile(scratch.resolve("file"));
        prepared.prepare(file, FILE_BYTES);
    }

    /** Frees the disk. */
    @TearDown(Level.Iteration)
    public void delete() throws IOException {
        prepared.close();
        scratch.close();
    }

    /** A whole file of writes, without a sync. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 3)
    @Measurement(iterations = 10)
    public void write() throws IOException {
        for (int i = FILE_BYTES / batchBytes; i > 0; i--) {
            prepared.append(batch.duplicate());
        }
    }

    /** One write and its sync. Begins at the file's start again when it is full. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @Warmup(iterations = 1, time = 1)
    @Measurement(iterations = 4, time = 2)
    public void writeAndSync() throws IOException {
        prepared.append(batch.duplicate());
        prepared.sync();
    }

    /** The preparation of another file. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 2)
    @Measurement(iterations = 8)
    public void prepare() throws IOException {
        try (PreparedFile other = new PreparedFile(scratch.resolve("other"))) {
            other.prepare(file, FILE_BYTES);
        }
    }
}
