package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Range;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One run: polls, prints, counts, until one of the ends that were asked for, a signal, or the end
 * of the topic. Output is buffered while records keep coming and handed on when they pause.
 */
final class ConsumeRun {

    private static final Duration WAIT_MAX = Duration.ofSeconds(1);

    private final Session session;
    private final Terminal terminal;
    private final Clock clock;
    private final Assignment.Wanted wanted;
    private final StartOptions options;
    private final RecordWriter writer;
    private volatile boolean stopping;
    private long count;

    ConsumeRun(
            Session session, Assignment.Wanted wanted, StartOptions options, RecordWriter writer) {
        this.session = session;
        this.terminal = session.terminal();
        this.clock = terminal.clock();
        this.wanted = wanted;
        this.options = options;
        this.writer = writer;
    }

    void run() {
        // An offset that is gone is an error only where that very offset was asked for.
        Reset reset = options.isExact() ? Reset.NONE : Reset.EARLIEST;
        try (KqConsumer consumer = session.consumer(ConsumerProperties.config(session, reset))) {
            terminal.interrupts().onInterrupt(() -> onInterrupt(consumer));
            Assignment assignment = new Assignment(session, consumer, wanted);
            assignment.start();
            writer.begin(terminal);
            try {
                poll(consumer, assignment);
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
        String topic = e.metadata().getOrDefault("name", String.valueOf(wanted.topic()));
        return CommandFailure.from(e, "Topic '" + topic + "' does not exist any more.")
                .didYouMean("")
                .next("kq topics --list");
    }

    private void poll(KqConsumer consumer, Assignment assignment) {
        Map<TopicPartition, Range> ends =
                options.untilEnd ? consumer.offsets(assignment.partitions()) : Map.of();
        StallWatch stalls = new StallWatch(session, consumer);
        boolean idle = false;
        long lastRecord = clock.nanoTime();
        long lastRefresh = lastRecord;
        while (!isDone(consumer, ends)) {
            List<ConsumerRecord> records = next(consumer, assignment, idle);
            long now = clock.nanoTime();
            stalls.look(ends);
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
                print(records);
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
    private boolean isDue(Assignment assignment, long nanos) {
        return (assignment.hasPattern() || !options.untilEnd)
                && assignment.refreshEvery().filter(every -> nanos >= every.toNanos()).isPresent();
    }

    private List<ConsumerRecord> next(KqConsumer consumer, Assignment assignment, boolean idle) {
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

    private boolean isDone(KqConsumer consumer, Map<TopicPartition, Range> ends) {
        if (stopping || (options.maxMessages != null && count >= options.maxMessages)) {
            return true;
        }
        return options.untilEnd
                && ends.entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue().end());
    }

    private void print(List<ConsumerRecord> records) {
        for (ConsumerRecord record : records) {
            if (options.maxMessages != null && count >= options.maxMessages) {
                return;
            }
            writer.write(terminal, record);
            count++;
        }
    }

    /** On the signal's thread: the command ends by itself, after the record it is in. */
    private void onInterrupt(KqConsumer consumer) {
        stopping = true;
        consumer.wakeup();
        terminal.interrupts().awaitCommandEnd();
    }
}
