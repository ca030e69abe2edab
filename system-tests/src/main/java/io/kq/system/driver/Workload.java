package io.kq.system.driver;

import io.kq.runtime.Clock;
import io.kq.runtime.Threads;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Mark;
import io.kq.system.history.HistoryWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writers, readers and observers of one topic, and the history of what they are told. Start it,
 * mark what is done to the cluster, finish it: the last reading is the truth that the history is
 * judged by. One thread.
 */
public final class Workload implements AutoCloseable {

    private static final Duration BEGIN_MAX = Duration.ofSeconds(60);
    private static final Duration LAST_READING_MAX = Duration.ofSeconds(60);

    private final Plan plan;
    private final HistoryWriter history;
    private final Progress progress;
    private final AtomicLong questions = new AtomicLong();
    private final Observer observer;
    private final OffsetWatch offsets;
    private final List<Writer> writers = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final List<ExecutorService> readerThreads = new ArrayList<>();
    private volatile boolean stopped;

    /** Does nothing yet. */
    public Workload(Plan plan, Path historyFile) {
        this.plan = plan;
        history = new HistoryWriter(historyFile, Clock.system());
        progress = new Progress(plan.partitions());
        observer = new Observer(plan, history, questions);
        offsets = new OffsetWatch(plan, history, questions);
    }

    /** Makes the topic, waits until all its replicas are in sync, and starts everybody. */
    public void start() {
        history.write(
                t ->
                        new Event.Started(
                                t,
                                plan.topic(),
                                plan.partitions(),
                                plan.replicas(),
                                plan.minIsr()));
        boolean created = Progress.await(BEGIN_MAX, observer::createTopic);
        observer.start();
        if (!created || !awaitInSync(plan.replicas(), BEGIN_MAX)) {
            throw new IllegalStateException("the new topic is not in sync: " + observer.words());
        }
        offsets.start();
        for (int number = 0; number < plan.writers().size(); number++) {
            Writer writer = new Writer(number, plan.writers().get(number), plan, history, progress);
            writers.add(writer);
            writer.start();
        }
        Reader tail = reader("tail");
        read("tail", () -> tail.follow(() -> stopped));
        Reader again = reader("again");
        read("again", () -> again.again(() -> stopped));
    }

    private Reader reader(String name) {
        Reader reader = new Reader(name, plan, history);
        readers.add(reader);
        return reader;
    }

    private void read(String name, Runnable reading) {
        ExecutorService thread = Threads.single("reader-" + name);
        readerThreads.add(thread);
        thread.execute(reading);
    }

    /** Who leads the partition, as far as known; -1: nobody. */
    public int leader(int partition) {
        return observer.leader(partition);
    }

    /** Who leads the metadata quorum; -1: nobody says. */
    public int metadataLeader() {
        return observer.metadataLeader();
    }

    /** Has the preferred replicas lead; how many partitions got another leader. */
    public int electPreferred() {
        return observer.electPreferred();
    }

    /** The state of all partitions in one line. */
    public String state() {
        return observer.words();
    }

    /** How many writes were acknowledged, are unknown and failed, in one line. */
    public String counts() {
        return progress.words();
    }

    /** Waits for a leader and so many in-sync replicas in each partition. */
    public boolean awaitInSync(int size, Duration bound) {
        return Progress.await(bound, () -> observer.inSync(size));
    }

    /** Waits until a write with acks=all was acknowledged in each partition from now on. */
    public boolean awaitWrites(Duration bound) {
        int[] before = progress.snapshot();
        return Progress.await(bound, () -> progress.allBeyond(before));
    }

    /** Waits until a change of the metadata was answered well from now on. */
    public boolean awaitChange(Duration bound) {
        long before = observer.changesDone();
        return Progress.await(bound, () -> observer.changesDone() > before);
    }

    /** Waits until the partition has another leader than {@code node}, and has one. */
    public boolean awaitOtherLeader(int partition, int node, Duration bound) {
        return Progress.await(
                bound, () -> observer.leader(partition) >= 0 && observer.leader(partition) != node);
    }

    /** Waits until the partition has so many in-sync replicas, no more and no less. */
    public boolean awaitIsr(int partition, int size, Duration bound) {
        return Progress.await(bound, () -> observer.isrSize(partition) == size);
    }

    /**
     * Writes a mark into the history.
     *
     * @param node to whom it is done; -1: to nobody in particular
     */
    public void mark(Mark mark, int node, String text) {
        List<Integer> led = node < 0 ? List.of() : observer.led(node);
        history.write(t -> new Event.Marked(t, mark, text, led));
    }

    /**
     * Ends all writing, then reads everything. False: not all of it could be read, which the
     * history shows.
     */
    public boolean finish() {
        writers.forEach(Writer::finish);
        stopped = true;
        for (ExecutorService thread : readerThreads) {
            thread.shutdown();
            awaitEnd(thread);
        }
        observer.finish();
        offsets.finish();
        mark(Mark.FINAL, -1, "");
        observer.ask();
        boolean read = readAll();
        offsets.askAll();
        history.close();
        return read;
    }

    private static void awaitEnd(ExecutorService thread) {
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("a reader does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean readAll() {
        Map<Integer, Long> ends = new HashMap<>();
        boolean told =
                Progress.await(
                        LAST_READING_MAX,
                        () -> {
                            offsets.askAll().forEach((p, end) -> ends.merge(p, end, Math::max));
                            return ends.size() == plan.partitions();
                        });
        try (Reader reader = new Reader(Ledger.FINAL_READER, plan, history)) {
            return told && reader.upTo(ends, LAST_READING_MAX);
        }
    }

    @Override
    public void close() {
        stopped = true;
        readerThreads.forEach(ExecutorService::shutdown);
        readerThreads.forEach(Workload::awaitEnd);
        writers.forEach(Writer::close);
        readers.forEach(Reader::close);
        offsets.close();
        observer.close();
        history.close();
    }
}
