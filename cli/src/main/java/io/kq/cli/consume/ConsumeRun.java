package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Range;
import io.kq.client.KqReader;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One run: polls, prints, counts, until one of the ends that were asked for, a signal, or the end
 * of the topic. Output is buffered while records keep coming and handed on when they pause.
 */
final class ConsumeRun {

    private static final Duration TROUBLE_AFTER = Duration.ofSeconds(3);
    private static final Duration WAIT_MAX = Duration.ofSeconds(1);

    private final Session session;
    private final Terminal terminal;
    private final Clock clock;
    private final Source source;
    private final StartOptions options;
    private final RecordWriter writer;
    private volatile boolean stopping;
    private boolean troubleTold;
    private long troubleSinceNanos;
    private long count;

    ConsumeRun(Session session, Source source, StartOptions options, RecordWriter writer) {
        this.session = session;
        this.terminal = session.terminal();
        this.clock = terminal.clock();
        this.source = source;
        this.options = options;
        this.writer = writer;
        this.troubleSinceNanos = clock.nanoTime();
    }

    /** What is read, and by whom. */
    interface Source {

        /** Opens the consumer; the run closes it. */
        KqReader open();

        /** The partitions that {@link #open}'s consumer reads. */
        ReadPartitions partitions();

        /** The one topic, if it is one. */
        Optional<String> topic();
    }

    void run() {
        try (KqReader consumer = source.open()) {
            terminal.interrupts().onInterrupt(() -> onInterrupt(consumer));
            ReadPartitions partitions = source.partitions();
            partitions.start();
            writer.begin(terminal);
            try {
                poll(consumer, partitions);
            } catch (RejectedException e) {
                throw e.code() == ErrorCode.TOPIC_NOT_FOUND ? topicGone(e) : Explanation.of(e);
            } finally {
                writer.end(terminal);
                terminal.flush();
                session.notice("Processed a total of " + count + " messages");
            }
        }
    }

    private CommandFailure topicGone(RejectedException e) {
        String topic = e.metadata().getOrDefault("name", source.topic().orElse(""));
        return CommandFailure.from(e, "Topic '" + topic + "' does not exist any more.")
                .didYouMean("")
                .next("kq topics --list");
    }

    private void poll(KqReader consumer, ReadPartitions assignment) {
        Map<TopicPartition, Range> ends =
                options.untilEnd ? consumer.offsets(assignment.atTheStart()) : Map.of();
        StallWatch stalls = new StallWatch(session, consumer);
        boolean idle = false;
        long lastRecord = clock.nanoTime();
        long lastRefresh = lastRecord;
        while (!isDone(consumer, assignment, ends)) {
            List<ConsumerRecord> records = next(consumer, assignment, idle);
            long now = clock.nanoTime();
            stalls.look(ends);
            tellTrouble(assignment);
            if (records.isEmpty()) {
                if (!idle) {
                    terminal.flush();
                }
                idle = true;
                if (options.timeoutMillis != null
                        && now - lastRecord >= options.timeoutMillis * 1_000_000) {
                    return;
                }
            } else {
                print(consumer, records);
                if (assignment.commits()) {
                    terminal.flush();
                }
                idle = false;
                lastRecord = now;
            }
            if (isDue(assignment, now - lastRefresh)) {
                assignment.refresh();
                lastRefresh = now;
            }
        }
    }

    /** What came after an end was asked for lies behind it. */
    private boolean isDue(ReadPartitions assignment, long nanos) {
        return (assignment.hasPattern() || !options.untilEnd)
                && assignment.refreshEvery().filter(every -> nanos >= every.toNanos()).isPresent();
    }

    private List<ConsumerRecord> next(KqReader consumer, ReadPartitions assignment, boolean idle) {
        try {
            return consumer.poll(idle ? waitMax() : Duration.ZERO);
        } catch (RejectedException e) {
            boolean followed =
                    e.code() == ErrorCode.TOPIC_NOT_FOUND
                            && assignment.hasPattern()
                            && assignment.refresh();
            if (!followed) {
                throw e;
            }
            return List.of();
        }
    }

    private Duration waitMax() {
        Long timeout = options.timeoutMillis;
        return timeout == null || timeout > WAIT_MAX.toMillis()
                ? WAIT_MAX
                : Duration.ofMillis(Math.max(1, timeout));
    }

    private boolean isDone(
            KqReader consumer, ReadPartitions assignment, Map<TopicPartition, Range> ends) {
        if (stopping || (options.maxMessages != null && count >= options.maxMessages)) {
            return true;
        }
        Set<TopicPartition> read = assignment.partitions();
        return options.untilEnd
                && (!read.isEmpty() || ends.isEmpty())
                && read.stream().allMatch(partition -> isAtEnd(consumer, partition, ends));
    }

    private static boolean isAtEnd(
            KqReader consumer, TopicPartition partition, Map<TopicPartition, Range> ends) {
        Range range = ends.get(partition);
        return range == null || consumer.position(partition) >= range.end();
    }

    /** What is not printed any more counts as not read: a group goes on with it. */
    private void print(KqReader consumer, List<ConsumerRecord> records) {
        Set<TopicPartition> putBack = new HashSet<>();
        for (ConsumerRecord record : records) {
            if (options.maxMessages == null || count < options.maxMessages) {
                writer.write(terminal, record);
                count++;
            } else if (putBack.add(new TopicPartition(record.topic(), record.partition()))) {
                consumer.seek(
                        new TopicPartition(record.topic(), record.partition()),
                        KqConsumer.Position.offset(record.offset()));
            }
        }
    }

    /** Said once for each reason, and not at once: a coordinator that moves is not worth a word. */
    private void tellTrouble(ReadPartitions assignment) {
        Optional<String> now = assignment.trouble();
        long nanos = clock.nanoTime();
        if (now.isEmpty()) {
            if (troubleTold) {
                session.notice("The group is joined again.");
            }
            troubleTold = false;
            troubleSinceNanos = nanos;
        } else if (!troubleTold && nanos - troubleSinceNanos >= TROUBLE_AFTER.toNanos()) {
            troubleTold = true;
            session.notice("WARNING: not in the group now, trying on: " + now.get());
        }
    }

    /** On the signal's thread: the command ends by itself, after the record it is in. */
    private void onInterrupt(KqReader consumer) {
        stopping = true;
        consumer.wakeup();
        terminal.interrupts().awaitCommandEnd();
    }
}
