package io.kq.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a reviewer would otherwise have to say again: sizes, leftovers, paths of one machine. */
class TidyTest {

    private static final Set<String> SKIPPED =
            Set.of("target", ".git", "node_modules", "kq-data", ".mvn");
    private static final Set<String> TEXT =
            Set.of("java", "proto", "md", "sh", "xml", "yaml", "py", "properties", "bat");

    /** The target of a Markdown link that is neither elsewhere on the net nor on the same page. */
    private static final Pattern RELATIVE_LINK =
            Pattern.compile("\\]\\((?![a-z]+:|#)([^)#\\s]+)[^)]*\\)");

    private static final List<Path> FILES = new ArrayList<>();

    @BeforeAll
    static void readTree() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        assertThat(root.resolve("pom.xml")).exists();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path d, BasicFileAttributes a) {
                        return SKIPPED.contains(d.getFileName().toString())
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes a) {
                        String name = file.getFileName().toString();
                        if (TEXT.contains(name.substring(name.lastIndexOf('.') + 1))) {
                            FILES.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static List<Path> java(String part) {
        return FILES.stream()
                .filter(f -> f.toString().endsWith(".java") && f.toString().contains(part))
                .toList();
    }

    private static List<String> linesThatMatch(List<Path> files, Pattern pattern)
            throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            if (file.endsWith("TidyTest.java")) {
                continue;
            }
            List<String> lines = Files.readAllLines(file, UTF_8);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(file.getFileName() + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        }
        return found;
    }

    @Test
    void mainFilesStaySmall() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        for (Path file : java("/src/main/")) {
            sizes.add(Files.readAllLines(file, UTF_8).size());
        }
        Collections.sort(sizes);
        assertThat(sizes).isNotEmpty();
        assertThat(sizes.get(sizes.size() - 1)).as("longest").isLessThanOrEqualTo(500);
        assertThat(sizes.get(sizes.size() * 95 / 100)).as("p95").isLessThanOrEqualTo(300);
        assertThat(sizes.get(sizes.size() / 2)).as("median").isLessThanOrEqualTo(150);
    }

    @Test
    void nothingIsLeftOver() throws IOException {
        assertThat(
                        linesThatMatch(
                                java("/src/"), Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@Disabled")))
                .isEmpty();
    }

    @Test
    void testsWaitForConditionsAndNeverForTime() throws IOException {
        List<Path> tests =
                java("/src/test/").stream().filter(f -> !f.endsWith("Eventually.java")).toList();
        assertThat(linesThatMatch(tests, Pattern.compile("Thread\\.sleep|\\.sleep\\("))).isEmpty();
    }

    @Test
    void noFileNamesOneMachineOrRegistry() throws IOException {
        Pattern machine =
                Pattern.compile("/(work|farm|root)/|repo1?\\.maven|registry\\.npmjs|deb\\.debian");
        assertThat(linesThatMatch(FILES, machine)).isEmpty();
    }

    @Test
    void everyLinkOfADocumentLeadsToAFile() throws IOException {
        List<Path> documents = FILES.stream().filter(f -> f.toString().endsWith(".md")).toList();
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents) {
            Matcher link = RELATIVE_LINK.matcher(Files.readString(document, UTF_8));
            while (link.find()) {
                links++;
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    broken.add(document.getFileName() + ": " + link.group(1));
                }
            }
        }
        assertThat(links).isPositive();
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIs() {
        List<Path> without =
                java("/src/main/").stream()
                        .map(Path::getParent)
                        .distinct()
                        .filter(d -> !Files.exists(d.resolve("package-info.java")))
                        .toList();
        assertThat(without).isEmpty();
    }
}
