package io.kq.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the launcher tells a node's JVM, for tests that start one without the launcher. */
final class JvmOptions {

    private static final int FIRST_THAT_WARNS = 24;
    private static final Path FILE = Path.of("../deploy/src/main/dist/lib/jvm/java-24");

    private JvmOptions() {}

    /** What keeps this test's own Java from warning on a node's stderr. */
    static List<String> ofThisJava() {
        if (Runtime.version().feature() < FIRST_THAT_WARNS) {
            return List.of();
        }
        try {
            return Files.readAllLines(FILE).stream().filter(line -> line.startsWith("-")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
