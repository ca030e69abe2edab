package io.kq.cli.perf;

import io.kq.cli.shell.JsonText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What came out.
 *
 * @param startMillis wall clock at the start
 * @param elapsedNanos from before the positions were looked up to the last record
 * @param bytes of keys and values
 */
record ConsumeReport(long startMillis, long elapsedNanos, long recordCount, long bytes) {

    static final String KAFKA_HEADER =
            "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,"
                    + " rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec";

    private static final double MIB = 1024.0 * 1024.0;

    private double seconds() {
        return elapsedNanos / 1e9;
    }

    /**
     * The numbers of Kafka's tool in its columns. There is no group to join: the time of that is 0,
     * and all time is fetching.
     */
    String kafkaLine() {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss:SSS", Locale.ROOT)
                        .withZone(ZoneId.systemDefault());
        long elapsedMillis = elapsedNanos / 1_000_000;
        double mib = bytes / MIB;
        return String.format(
                Locale.ROOT,
                "%s, %s, %.4f, %.4f, %d, %.4f, %d, %d, %.4f, %.4f",
                format.format(Instant.ofEpochMilli(startMillis)),
                format.format(Instant.ofEpochMilli(startMillis + elapsedMillis)),
                mib,
                mib / seconds(),
                recordCount,
                recordCount / seconds(),
                0,
                elapsedMillis,
                mib / seconds(),
                recordCount / seconds());
    }

    String json() {
        JsonText json = new JsonText();
        json.beginObject();
        json.name("records").value(recordCount);
        json.name("bytes").value(bytes);
        json.name("seconds").value(seconds());
        json.name("recordsPerSecond").value(recordCount / seconds());
        json.name("mibPerSecond").value(bytes / MIB / seconds());
        json.time("startTime", startMillis);
        return json.endObject().toString();
    }
}
