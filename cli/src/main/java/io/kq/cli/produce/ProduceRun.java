package io.kq.cli.produce;

import io.kq.cli.produce.Acknowledgements.Refusal;
import io.kq.cli.produce.RecordFormat.UnreadableLineException;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import io.kq.client.RecordMetadata;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Threads;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run: reads lines, sends records, and ends well only if each was acknowledged. The first
 * record that is refused ends the reading, so that a broken pipe of work is seen at its first
 * break; a person who types goes on and is told at once. A signal ends the reading too; what was
 * read before it is still sent.
 */
final class ProduceRun {

    /**
     * What to do.
     *
     * @param partition -1: by key, else in turn
     * @param sync wait for each acknowledgement
     */
    record Plan(String topic, int partition, RecordFormat format, boolean sync) {}

    private final Session session;
    private final Plan plan;
    private final Terminal terminal;
    private final boolean prompts;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private volatile boolean stopping;

    ProduceRun(Session session, Plan plan) {
        this.session = session;
        this.plan = plan;
        this.terminal = session.terminal();
        this.prompts = terminal.tty().in();
    }

    void run() {
        ProducerConfig config = ProducerProperties.config(session);
        try (KqProducer producer = session.producer(config);
                SendWatch watch =
                        new SendWatch(session, producer, acknowledgements::acknowledged)) {
            checkTopic(producer);
            watch.start();
            terminal.interrupts().onInterrupt(() -> onInterrupt(producer));
            LineInput lines = new LineInput(terminal.in(), prompts);
            long line = 0;
            try {
                for (byte[] bytes = next(lines); bytes != null; bytes = next(lines)) {
                    line++;
                    send(producer, line, plan.format().parse(bytes));
                }
            } catch (UnreadableLineException e) {
                producer.flush();
                throw unreadable(line, e.message());
            } catch (IOException e) {
                producer.flush();
                throw unreadable(line + 1, String.valueOf(e.getMessage()));
            }
            producer.flush();
        }
        if (!terminal.interrupts().requested()) {
            requireAllAcknowledged();
        }
    }

    private byte @Nullable [] next(LineInput lines) throws IOException {
        if (stopping || (!prompts && acknowledgements.firstRefusal() != null)) {
            return null;
        }
        if (prompts) {
            terminal.errorText(">");
        }
        byte[] line = lines.next();
        if (line == null && prompts) {
            terminal.errorText("\n");
        }
        return line;
    }

    private void send(KqProducer producer, long line, ProducerRecord record) {
        CompletableFuture<RecordMetadata> sent = producer.send(record);
        acknowledgements.follow(line, sent);
        if (prompts) {
            tellOfFailure(line, sent);
        }
        if (plan.sync()) {
            awaitOne(sent);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void tellOfFailure(long line, CompletableFuture<RecordMetadata> sent) {
        sent.whenComplete(
                (done, failure) -> {
                    if (failure != null) {
                        terminal.errorLine("error: line " + line + ": " + failure.getMessage());
                    }
                });
    }

    private static void awaitOne(CompletableFuture<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            // Counted where all are.
        } catch (InterruptedException e) {
            throw CommandFailure.local("INTERRUPTED", "interrupted", e);
        }
    }

    /** Before the first prompt: a misspelt topic is seen before a line was typed in vain. */
    private void checkTopic(KqProducer producer) {
        int count;
        try {
            count = producer.partitionCount(plan.topic());
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                throw Explanation.noTopic(
                        session,
                        e,
                        plan.topic(),
                        "kq topics --create --topic " + plan.topic() + " --partitions 3");
            }
            throw e;
        }
        if (plan.partition() >= count) {
            throw CommandFailure.of(
                            ErrorCode.PARTITION_NOT_FOUND,
                            "Topic '"
                                    + plan.topic()
                                    + "' has no partition "
                                    + plan.partition()
                                    + ".")
                    .withDetail("partitions 0 to " + (count - 1) + " exist")
                    .next("leave --partition out: then the key, or each in turn, decides");
        }
    }

    private CommandFailure unreadable(long line, String problem) {
        long before = acknowledgements.sent();
        long acknowledged = acknowledgements.acknowledged();
        boolean all = acknowledged == before;
        String fate = acknowledged + (all ? "" : " of " + before);
        return CommandFailure.local("UNREADABLE_LINE", "line " + line + ": " + problem, null)
                .withDetail(fate + " earlier line(s) were acknowledged")
                .next(
                        all
                                ? "correct it and send the rest: tail -n +" + line + " FILE"
                                : "correct it; those that were not acknowledged may be missing");
    }

    private void requireAllAcknowledged() {
        long missing = acknowledgements.sent() - acknowledgements.acknowledged();
        if (missing == 0) {
            return;
        }
        throw unacknowledged(missing);
    }

    private CommandFailure unacknowledged(long missing) {
        String count =
                missing + " of " + acknowledgements.sent() + " line(s) were not acknowledged";
        Refusal refusal = acknowledgements.firstRefusal();
        if (refusal == null) {
            return Explanation.of(new RejectedException(ErrorCode.DEADLINE_EXCEEDED, count + "."))
                    .withExitCode(ExitCode.FAILED);
        }
        RejectedException reason = refusal.reason();
        return Explanation.of(
                        new RejectedException(
                                reason.code(),
                                count + "; line " + refusal.line() + ": " + reason.getMessage(),
                                reason.definite(),
                                reason.metadata()))
                .withExitCode(ExitCode.FAILED);
    }

    /** On the signal's thread: waits for what is on its way, but not for ever. */
    private void onInterrupt(KqProducer producer) {
        stopping = true;
        ExecutorService flusher = Threads.single("kq-flush");
        Future<?> flushed = flusher.submit(producer::flush);
        try {
            flushed.get(
                    session.settings().client().requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            session.trace("flush: " + e);
        } catch (InterruptedException e) {
            return;
        }
        long missing = acknowledgements.sent() - acknowledgements.acknowledged();
        if (missing > 0) {
            terminal.errorLine("error: " + unacknowledged(missing).message());
        }
    }
}
