package io.kq.cli.inspect;

import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.log.inspection.Defect;
import io.kq.log.inspection.DirectoryVerification;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.VerificationReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code --verify}: reads every byte, says what is damaged. The unfinished tail that a crash or a
 * running node leaves is told, and no damage; so are files that a node makes again by itself.
 */
final class Verification {

    private Verification() {}

    /** Returns the exit code: 10 if something is damaged. */
    static int run(Session session, Path directory, List<PartitionOnDisk> partitions) {
        Map<PartitionOnDisk, VerificationReport> reports = new LinkedHashMap<>();
        List<Defect> warnings;
        try (DirectoryVerification verification = DirectoryVerification.open(directory)) {
            warnings = verification.warnings();
            for (PartitionOnDisk partition : partitions) {
                reports.put(partition, verification.verify(partition));
            }
        }
        if (session.format().isJson()) {
            json(session, reports, warnings);
        } else {
            text(session.terminal(), reports);
            warnings.forEach(each -> session.terminal().println(warning("", each)));
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
                                TextInspection.name(partition),
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
                    String name =
                            TextInspection.name(partition)
                                    + "-"
                                    + partition.partition().partition();
                    for (Defect defect : report.defects()) {
                        terminal.println(name + TextInspection.problem(defect));
                    }
                    report.warnings().forEach(each -> terminal.println(warning(name, each)));
                });
    }

    /** About a file that holds nothing which cannot be made again. */
    private static String warning(String name, Defect warning) {
        return (name + "  WARNING  ").stripLeading()
                + warning.file().getFileName()
                + ": "
                + warning.problem();
    }

    private static String result(VerificationReport report) {
        if (report.defects().isEmpty()) {
            return report.warnings().isEmpty() ? "ok" : "ok, with warnings";
        }
        return isDamaged(report) ? "DAMAGED" : "ok, unfinished tail";
    }

    private static void json(
            Session session,
            Map<PartitionOnDisk, VerificationReport> reports,
            List<Defect> warnings) {
        Terminal terminal = session.terminal();
        if (session.format() == OutputFormat.JSON) {
            JsonText json = new JsonText();
            json.beginObject().name("partitions").beginArray();
            reports.forEach((partition, report) -> write(json, partition, report));
            json.endArray().name("warnings").array(warnings, each -> writeWarning(json, each));
            terminal.println(json.endObject().toString());
            return;
        }
        reports.forEach(
                (partition, report) -> {
                    JsonText json = new JsonText();
                    write(json, partition, report);
                    terminal.println(json.toString());
                });
        for (Defect warning : warnings) {
            JsonText json = new JsonText();
            json.beginObject().name("warning");
            writeWarning(json, warning);
            terminal.println(json.endObject().toString());
        }
    }

    private static void writeWarning(JsonText json, Defect warning) {
        json.beginObject();
        json.name("file").value(warning.file().toString());
        json.name("problem").value(warning.problem());
        json.endObject();
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
        json.name("warnings").array(report.warnings(), each -> writeWarning(json, each));
        json.endObject();
    }
}
