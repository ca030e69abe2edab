package io.kq.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The archives that are given away. */
class ArchiveIT {

    @BeforeEach
    void theyWereMade() throws Exception {
        assumeTrue(Files.exists(Distribution.archive(".zip")), "a fast build makes no archives");
    }

    @Test
    void tarHasTheNamesOfKafkasToolsAsLinks() throws Exception {
        List<String> lines =
                Distribution.run(
                                Map.of(),
                                List.of("tar", "tvf", Distribution.archive(".tar.gz").toString()))
                        .lines();

        assertThat(lines)
                .anyMatch(line -> line.endsWith("bin/kafka-topics.sh -> kq"))
                .anyMatch(line -> line.matches("-rwxr-xr-x .*/bin/kq"));
    }

    @Test
    void zipHoldsWhatTheDirectoryHolds() throws Exception {
        TreeSet<String> inZip = new TreeSet<>();
        try (ZipFile zip = new ZipFile(Distribution.archive(".zip").toFile())) {
            zip.stream().filter(e -> !e.isDirectory()).forEach(e -> inZip.add(e.getName()));
        }
        Path home = Distribution.home();
        Path parent = home.resolveSibling("");
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(inZip)
                    .containsExactlyElementsOf(
                            files.filter(Files::isRegularFile)
                                    .map(file -> parent.relativize(file).toString())
                                    .filter(name -> !name.endsWith(".jsa"))
                                    .sorted()
                                    .toList());
        }
        assertThat(inZip).anyMatch(name -> name.endsWith("bin/kq.bat"));
    }

    @Test
    void checksumsAreTheirs() throws Exception {
        for (String ending : List.of(".tar.gz", ".zip")) {
            Path archive = Distribution.archive(ending);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(archive), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            assertThat(Files.readString(Distribution.archive(ending + ".sha256")).strip())
                    .isEqualTo(
                            HexFormat.of().formatHex(digest.digest())
                                    + "  "
                                    + archive.getFileName());
        }
    }

    @Test
    void billOfMaterialsNamesEveryLibrary() throws Exception {
        Path file = Distribution.home().resolve("sbom.cdx.json");
        assumeTrue(Files.exists(file), "an offline build makes no bill of materials");
        String bill = Files.readString(file);

        try (Stream<Path> jars = Files.list(Distribution.home().resolve("lib"))) {
            assertThat(
                            jars.map(jar -> jar.getFileName().toString())
                                    .filter(name -> name.endsWith(".jar"))
                                    .map(name -> name.replaceFirst("-\\d.*", ""))
                                    .toList())
                    .allSatisfy(name -> assertThat(bill).contains("\"name\" : \"" + name + "\""));
        }
    }
}
