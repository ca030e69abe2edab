package io.kq.cli.shell;

import io.kq.protocol.ErrorCode;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Writes a failure to standard error: lines for a person, or one JSON object. */
public final class FailureText {

    private FailureText() {}

    /**
     * Says what went wrong and what to do.
     *
     * @param verbose with the stack trace: the only way one is ever shown
     */
    public static void write(
            Terminal terminal, CommandFailure failure, OutputFormat format, boolean verbose) {
        terminal.errorText(format.isJson() ? json(failure) + "\n" : text(failure));
        if (verbose) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            terminal.errorText(trace.toString());
        }
    }

    private static String text(CommandFailure failure) {
        StringBuilder text = new StringBuilder("error: ").append(oneLine(failure.message()));
        if (!failure.reason().isEmpty()) {
            text.append(" [").append(failure.reason()).append(']');
        }
        if (!failure.detail().isEmpty()) {
            text.append("  ").append(oneLine(failure.detail()));
        }
        text.append('\n');
        if (!failure.suggestion().isEmpty()) {
            text.append("  did you mean: ").append(failure.suggestion()).append('\n');
        }
        for (String step : failure.nextSteps()) {
            text.append("  next: ").append(step).append('\n');
        }
        return text.toString();
    }

    private static String json(CommandFailure failure) {
        JsonText json = new JsonText();
        json.beginObject().name("error").beginObject();
        json.name("code").value(failure.status());
        String reason = failure.reason();
        json.name("reason").value(reason.isEmpty() ? ErrorCode.INVALID_ARGUMENT.name() : reason);
        json.name("message").value(failure.message());
        if (!failure.detail().isEmpty()) {
            json.name("detail").value(failure.detail());
        }
        json.name("metadata").strings(failure.metadata());
        json.name("next").beginArray();
        if (!failure.suggestion().isEmpty()) {
            json.value("did you mean: " + failure.suggestion());
        }
        failure.nextSteps().forEach(json::value);
        json.endArray().endObject().endObject();
        return json.toString();
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').replace("\r", "");
    }
}
