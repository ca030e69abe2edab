package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Moment;
import io.kq.cli.shell.Quantity;
import io.kq.client.KqConsumer.Position;
import io.kq.runtime.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where reading starts and when it ends. */
final class StartOptions {

    @Option(
            names = "--from-beginning",
            description = "Start with the first record there is. Default: only new ones.")
    boolean fromBeginning;

    @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
    @Nullable Integer partition;

    @Option(
            names = "--offset",
            paramLabel = "N",
            description = "With --partition: an offset, earliest or latest.")
    @Nullable String offset;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Start this long ago (10m), or at this moment (RFC 3339).")
    @Nullable String since;

    @Option(
            names = "--until-end",
            description = "End with the last record there is when the command starts.")
    boolean untilEnd;

    @Option(
            names = "--max-messages",
            paramLabel = "N",
            description = "End after this many records.")
    @Nullable Long maxMessages;

    @Option(
            names = "--timeout-ms",
            paramLabel = "MS",
            description = "End when nothing came for this long.")
    @Nullable Long timeoutMillis;

    /** Refuses what contradicts itself. */
    void check() {
        if (partition != null && partition < 0) {
            throw CommandFailure.usage("--partition must be at least 0");
        }
        if (offset != null && partition == null) {
            throw CommandFailure.usage("--offset needs --partition");
        }
        int starts = (fromBeginning ? 1 : 0) + (offset != null ? 1 : 0) + (since != null ? 1 : 0);
        if (starts > 1) {
            throw CommandFailure.usage("only one of --from-beginning, --offset, --since");
        }
        if (maxMessages != null && maxMessages < 0) {
            throw CommandFailure.usage("--max-messages must be at least 0");
        }
        if (timeoutMillis != null && timeoutMillis < 0) {
            throw CommandFailure.usage("--timeout-ms must be at least 0");
        }
    }

    /** Refuses what a group decides itself. */
    void checkForGroup() {
        if (partition != null) {
            throw CommandFailure.usage(
                    "--partition goes without --group: a group shares the partitions itself");
        }
        if (since != null) {
            throw CommandFailure.usage(
                            "--since goes without --group: a group goes on where it has come to")
                    .next("kq groups --reset-offsets --group G --topic T --to-datetime TIME");
        }
    }

    /** Whether an option tells where to start. */
    boolean saysWhere() {
        return fromBeginning || offset != null || since != null;
    }

    /** Whether a certain offset was asked for, and nothing else will do. */
    boolean isExact() {
        return offset != null && !offset.equals("earliest") && !offset.equals("latest");
    }

    Position position(Clock clock) {
        if (fromBeginning) {
            return Position.EARLIEST;
        }
        if (since != null) {
            return Position.timestamp(moment(since, clock));
        }
        String at = offset;
        if (at == null || at.equals("latest")) {
            return Position.LATEST;
        }
        if (at.equals("earliest")) {
            return Position.EARLIEST;
        }
        try {
            long number = Long.parseLong(at);
            if (number >= 0) {
                return Position.offset(number);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw CommandFailure.usage("--offset: '" + at + "' is not a number, earliest or latest");
    }

    /** A number with a unit is how long ago, all else a point in time. */
    private static long moment(String text, Clock clock) {
        boolean hasUnit = !text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1));
        if (hasUnit && !text.contains("T")) {
            return clock.epochMillis() - Quantity.duration("--since", text).toMillis();
        }
        return Moment.parse("--since", text);
    }
}
