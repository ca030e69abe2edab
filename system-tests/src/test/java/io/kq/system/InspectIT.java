package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code kq inspect} says of a whole and of a damaged data directory, through the launcher:
 * byte for byte, as in {@code inspect/*.txt}. With {@code -Dkq.write.golden=true} these files are
 * written anew.
 */
@TestInstance(Lifecycle.PER_CLASS)
class InspectIT {

    private static final Path GOLDEN = Path.of("src/test/resources/inspect");

    /** Of the batches, one record each; two of them fill a segment. */
    private static final int BATCH_BYTES = 1565;

    private static final int CRC_POSITION = 17;
    private static final int CRC_FROM = 21;

    private Path directory = Path.of("");

    /** After a stop in good order, with six records. */
    private Path stopped = Path.of("");

    /** With two more, which are above the recovery point: the node was killed. */
    private Path killed = Path.of("");

    @BeforeAll
    void writeSomeRecords(@TempDir Path temporary) throws IOException {
        directory = temporary;
        stopped = directory.resolve("stopped");
        killed = directory.resolve("killed");
        try (Cluster cluster = Cluster.start(directory.resolve("cluster"), 1)) {
            Shell shell = Shell.in(directory).against(cluster);
            NodeProcess node = cluster.node(0);
            String create = "kq topics --create --topic lines --partitions 1 --if-not-exists";
            eventually(
                    "the topic is made",
                    () -> shell.run(create + " --config segment.bytes=4KiB").exitCode() == 0);
            produce(shell, 0, 6);
            node.stop();
            copy(node.dataDirectory(), stopped);
            node.start();
            node.awaitReady();
            produce(shell, 6, 8);
            node.kill();
            copy(node.dataDirectory(), killed);
        }
    }

    /** One batch for each. */
    private static void produce(Shell shell, int from, int to) {
        String lines = "seq -f 'line %01490.0f' " + from + " " + (to - 1);
        run(shell, lines + " | kq produce --topic lines --sync");
    }

    private static void run(Shell shell, String line) {
        Ran ran = shell.run(line);
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    /** A copy to be damaged; always at the same place, which the commands name. */
    private Path copyOf(Path whole) throws IOException {
        Path data = directory.resolve("data");
        if (Files.exists(data)) {
            try (Stream<Path> all = Files.walk(data)) {
                for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        copy(whole, data);
        return data;
    }

    private static Path partition(Path data) throws IOException {
        try (Stream<Path> partitions = Files.list(data.resolve("partitions"))) {
            return partitions.findFirst().orElseThrow();
        }
    }

    /** The file of the record's segment, and where its batch begins. */
    private static Path segmentOf(Path data, int record) throws IOException {
        return partition(data).resolve("%020d.log".formatted(record / 2 * 2));
    }

    private static int positionOf(int record) {
        return record % 2 * BATCH_BYTES;
    }

    private static void flip(Path data, int record) throws IOException {
        Path file = segmentOf(data, record);
        byte[] bytes = Files.readAllBytes(file);
        bytes[positionOf(record) + 1000] ^= 4;
        Files.write(file, bytes);
    }

    /** Runs the commands and compares all that they print with the file. */
    private void answers(String golden, String... commands) throws IOException {
        Shell shell = Shell.in(directory);
        StringBuilder transcript = new StringBuilder();
        for (String command : commands) {
            Ran ran = shell.run(command);
            assertThat(ran.err()).as(command).isEmpty();
            transcript.append("$ ").append(command).append('\n').append(masked(ran.out()));
            transcript.append("exit ").append(ran.exitCode()).append("\n\n");
        }
        Path file = GOLDEN.resolve(golden + ".txt");
        if (Boolean.getBoolean("kq.write.golden")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, transcript);
        }
        assertThat(transcript.toString())
                .as("run this test with -Dkq.write.golden=true to write it anew")
                .isEqualTo(Files.readString(file, UTF_8));
    }

    /** Without what differs from run to run. */
    private static String masked(String text) {
        return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>")
                .replaceAll("Ms\":\\d{13}", "Ms\":<millis>")
                .replaceAll("crc [0-9a-f]{8} epoch \\d+", "crc <crc> epoch <epoch>")
                .replaceAll("leader epoch \\d+", "leader epoch <epoch>")
                .replaceAll("leaderEpoch\":\\d+", "leaderEpoch\":<epoch>")
                .replaceAll("KiB +\\d+ none", "KiB <epoch> none")
                .replaceAll(
                        "cannot be opened, its rows were not checked \\([^)]*\\)",
                        "cannot be opened, its rows were not checked (<why>)");
    }

    private static final String VERIFY = "kq inspect data --verify";

    private static final String VERIFY_JSON = "kq inspect data --verify -o jsonl";

    private static final String SHOW = "kq inspect data --topic lines";

    @Test
    void ofAWholeDirectory() throws IOException {
        copyOf(stopped);
        answers(
                "whole",
                "kq inspect data",
                SHOW,
                "kq inspect data --topic lines --segment 4 -o jsonl",
                VERIFY,
                VERIFY_JSON,
                VERIFY + " -o json");
    }

    @Test
    void ofRecordsThatAKilledNodeLeft() throws IOException {
        copyOf(killed);
        answers("killed", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofAFlippedBitInTheLastBatchAboveTheRecoveryPoint() throws IOException {
        flip(copyOf(killed), 7);
        answers("tail", SHOW + " --segment 6", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofAFlippedBitInTheMiddleAboveTheRecoveryPoint() throws IOException {
        flip(copyOf(killed), 6);
        answers("middle", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofAHalfWrittenBatchAtTheEnd() throws IOException {
        Path file = segmentOf(copyOf(killed), 7);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, positionOf(7) + 700));
        answers("torn", SHOW + " --segment 6", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofAFlippedBitBelowTheRecoveryPoint() throws IOException {
        flip(copyOf(killed), 2);
        answers("durable", SHOW + " --segment 2", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofASegmentThatIsGone() throws IOException {
        Files.delete(segmentOf(copyOf(stopped), 2));
        answers("gone", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofAnIndexRowOfAnotherBatch() throws IOException {
        Path file = segmentOf(copyOf(stopped), 2);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        bytes.put(1000, (byte) (bytes.get(1000) ^ 4));
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), CRC_FROM, BATCH_BYTES - CRC_FROM);
        bytes.putInt(CRC_POSITION, (int) crc.getValue());
        Files.write(file, bytes.array());
        answers("index-row", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofAnIndexThatDoesNotOpen() throws IOException {
        Files.writeString(copyOf(stopped).resolve("index").resolve("CURRENT"), "garbage");
        answers("index", SHOW + " --segment 4 --index", VERIFY, VERIFY_JSON);
    }

    @Test
    void ofFilesThatANodeMakesAgain() throws IOException {
        Path data = copyOf(stopped);
        Path checkpoint = data.resolve("checkpoint");
        Files.writeString(checkpoint, Files.readString(checkpoint).replace("crc ", "crc 0"));
        Path partition = partition(data);
        List<Path> snapshots;
        try (Stream<Path> files = Files.list(partition)) {
            snapshots = files.filter(f -> f.toString().endsWith(".producers")).sorted().toList();
        }
        for (Path snapshot : snapshots) {
            byte[] bytes = Files.readAllBytes(snapshot);
            bytes[20] ^= 1;
            Files.write(snapshot, bytes);
        }
        Files.writeString(partition.resolve("partition.properties"), "garbage");
        answers("made-again", "kq inspect data", VERIFY, VERIFY_JSON);
    }
}
