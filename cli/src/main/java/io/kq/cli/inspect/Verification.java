package io.kq.cli.inspect;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.log.inspection.Defect;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.VerificationReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code --verify}: reads every byte, says what is damaged. The unfinished tail that a crash or a
 * running node leaves is told, and no damage.
 */
final class Verification {

    private Verification() {}

    /** Returns the exit code: 10 if something is damaged. */
    static int run(Session session, List<PartitionOnDisk> partitions) {
        Map<PartitionOnDisk, VerificationReport> reports = new LinkedHashMap<>();
        for (PartitionOnDisk partition : partitions) {
            reports.put(partition, LogInspection.verify(partition));
        }
        if (session.format().isJson()) {
            json(session, reports);
        } else {
            text(session.terminal(), reports);
        }
        return reports.values().stream().anyMatch(Verification::isDamaged)
                ? ExitCode.UNHEALTHY
                : ExitCode.OK;
    }

    private static boolean isDamaged(VerificationReport report) {
        return report.defects().stream().anyMatch(defect -> !defect.inTail());
    }

    private static void text(Terminal terminal, Map<PartitionOnDisk, VerificationReport> reports) {
        TextTable table =
                new TextTable(
                        "TOPIC",
                        "PARTITION",
                        "SEGMENTS",
                        "BATCHES",
                        "RECORDS",
                        "SIZE",
                        "OFFSETS",
                        "RESULT");
        reports.forEach(
                (partition, report) ->
                        table.row(
                                partition.topicName(),
                                Integer.toString(partition.partition().partition()),
                                Long.toString(report.segmentCount()),
                                Long.toString(report.batchCount()),
                                Long.toString(report.recordCount()),
                                Quantity.bytes(report.sizeBytes()),
                                "[" + report.logStartOffset() + ", " + report.logEndOffset() + ")",
                                result(report)));
        table.print(terminal);
        reports.forEach(
                (partition, report) -> {
                    for (Defect defect : report.defects()) {
                        terminal.println(
                                partition.topicName()
                                        + "-"
                                        + partition.partition().partition()
                                        + TextInspection.problem(defect));
                    }
                });
    }

    private static String result(VerificationReport report) {
        if (report.defects().isEmpty()) {
            return "ok";
        }
        return isDamaged(report) ? "DAMAGED" : "ok, unfinished tail";
    }

    private static void json(Session session, Map<PartitionOnDisk, VerificationReport> reports) {
        Terminal terminal = session.terminal();
        if (session.format() == OutputFormat.JSON) {
            JsonText json = new JsonText();
            json.beginObject().name("partitions").beginArray();
            reports.forEach((partition, report) -> write(json, partition, report));
            terminal.println(json.endArray().endObject().toString());
            return;
        }
        reports.forEach(
                (partition, report) -> {
                    JsonText json = new JsonText();
                    write(json, partition, report);
                    terminal.println(json.toString());
                });
    }

    private static void write(JsonText json, PartitionOnDisk partition, VerificationReport report) {
        json.beginObject();
        json.name("topic").value(partition.topicName());
        json.name("topicId").value(partition.partition().topicId().toString());
        json.name("partition").value(partition.partition().partition());
        json.name("segmentCount").value(report.segmentCount());
        json.name("batchCount").value(report.batchCount());
        json.name("recordCount").value(report.recordCount());
        json.name("sizeBytes").value(report.sizeBytes());
        json.name("logStartOffset").value(report.logStartOffset());
        json.name("logEndOffset").value(report.logEndOffset());
        json.name("damaged").value(isDamaged(report));
        json.name("defects").array(report.defects(), defect -> JsonInspection.write(json, defect));
        json.endObject();
    }
}
