package io.kq.cli.perf;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/**
 * What came out.
 *
 * @param sent records handed to the producer
 * @param elapsedNanos from the first send to the last acknowledgement
 */
record ProduceReport(ProduceLoad.Plan plan, long sent, long elapsedNanos, AckTimer timer) {

    private static final double MIB = 1024.0 * 1024.0;

    /** The promise of the product: a record is acknowledged within this, 99 of 100 times. */
    private static final double P99_MILLIS_PROMISED = 10;

    private double seconds() {
        return Math.max(1, elapsedNanos) / 1e9;
    }

    private double recordsPerSecond() {
        return timer.latencies().count() / seconds();
    }

    private double mibPerSecond() {
        return recordsPerSecond() * plan.recordBytes() / MIB;
    }

    /** The last line of Kafka's tool, byte for byte. */
    String kafkaLine() {
        LatencyHistogram latencies = timer.latencies();
        return String.format(
                Locale.ROOT,
                "%d records sent, %f records/sec (%.2f MB/sec), %.2f ms avg latency, %.2f ms max"
                        + " latency, %d ms 50th, %d ms 95th, %d ms 99th, %d ms 99.9th.",
                latencies.count(),
                recordsPerSecond(),
                mibPerSecond(),
                latencies.count() == 0 ? 0 : latencies.averageMillis(),
                latencies.maxMillis(),
                (long) latencies.quantileMillis(0.5),
                (long) latencies.quantileMillis(0.95),
                (long) latencies.quantileMillis(0.99),
                (long) latencies.quantileMillis(0.999));
    }

    String json() {
        LatencyHistogram latencies = timer.latencies();
        JsonText json = new JsonText();
        json.beginObject();
        json.name("recordsSent").value(sent);
        json.name("recordsAcknowledged").value(latencies.count());
        json.name("recordsFailed").value(timer.failed());
        json.name("recordSizeBytes").value(plan.recordBytes());
        json.name("seconds").value(seconds());
        json.name("recordsPerSecond").value(recordsPerSecond());
        json.name("mibPerSecond").value(mibPerSecond());
        if (plan.isPaced()) {
            json.name("recordsPerSecondAsked").value(plan.recordsPerSecond());
        }
        json.name("latencyFrom").value(plan.isPaced() ? "intendedSendTime" : "sendTime");
        json.name("latencyMs").beginObject();
        json.name("avg").value(latencies.averageMillis());
        json.name("p50").value(latencies.quantileMillis(0.5));
        json.name("p95").value(latencies.quantileMillis(0.95));
        json.name("p99").value(latencies.quantileMillis(0.99));
        json.name("p999").value(latencies.quantileMillis(0.999));
        json.name("max").value(latencies.maxMillis());
        json.endObject();
        json.name("p99Within10Ms")
                .value(
                        latencies.count() > 0
                                && latencies.quantileMillis(0.99) <= P99_MILLIS_PROMISED);
        return json.endObject().toString();
    }

    /**
     * A rate of records that were refused is no result.
     *
     * @throws CommandFailure some were
     */
    void requireAllAcknowledged() {
        Throwable failure = timer.firstFailure();
        if (failure == null) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        ErrorCode code =
                cause instanceof RejectedException rejected ? rejected.code() : ErrorCode.INTERNAL;
        String message =
                timer.failed()
                        + " of "
                        + sent
                        + " record(s) were not acknowledged; the first: "
                        + cause.getMessage();
        throw Explanation.of(new RejectedException(code, message)).withExitCode(ExitCode.FAILED);
    }
}
