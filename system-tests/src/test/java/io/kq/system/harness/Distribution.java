package io.kq.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The distribution that this build has made: what a user unpacks, and what these tests run. */
public final class Distribution {

    private static final Path TARGET = Path.of("../deploy/target");

    private Distribution() {}

    /** Its directory; of several the one that was built last. */
    public static Path home() {
        try (Stream<Path> entries = Files.list(TARGET)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith("kq-"))
                    .filter(entry -> Files.isExecutable(entry.resolve("bin/kq")))
                    .max(Comparator.comparing(Distribution::builtAt))
                    .orElseThrow()
                    .toAbsolutePath()
                    .normalize();
        } catch (IOException e) {
            throw new UncheckedIOException("mvn -pl deploy -am package makes it", e);
        }
    }

    /** The launcher. */
    public static Path launcher() {
        return home().resolve("bin/kq");
    }

    /** What {@code conf/kq.properties} and the launcher's other files say, by their path in it. */
    public static String read(String file) {
        try {
            return Files.readString(home().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jars that a command sees. */
    public static List<Path> commandJars() {
        Path lib = home().resolve("lib");
        return Arrays.stream(read("lib/cli.classpath").strip().split(":", -1))
                .map(entry -> lib.resolve(entry.substring("@lib@/".length())))
                .toList();
    }

    private static long builtAt(Path home) {
        return home.resolveSibling(home.getFileName() + ".built").toFile().lastModified();
    }
}
