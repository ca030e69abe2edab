package io.kq.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The distribution in the build directory, and processes started from it. */
final class Distribution {

    private Distribution() {}

    /** {@code target/kq-<version>}. */
    static Path home() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("target"))) {
            return entries.filter(entry -> Files.isExecutable(entry.resolve("bin/kq")))
                    .filter(entry -> entry.getFileName().toString().startsWith("kq-"))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    /** The archive beside it with this ending; the file exists unless the build was a fast one. */
    static Path archive(String ending) throws IOException {
        return home().resolveSibling(home().getFileName() + ending);
    }

    /** The file names on a class path of the launcher. */
    static List<String> classPath(String name) throws IOException {
        String text = Files.readString(home().resolve("lib/" + name + ".classpath")).strip();
        return Arrays.stream(text.split(":", -1))
                .map(entry -> entry.substring("@lib@/".length()))
                .toList();
    }

    /** What a process said, and how it ended. */
    record Run(int exitCode, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    /** Runs a command to its end with only these variables and a PATH. */
    static Run run(Map<String, String> environment, List<String> command) throws Exception {
        Path err = Files.createTempFile("kq", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/bin:/bin");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Run(process.waitFor(), out, Files.readString(err));
        } finally {
            Files.delete(err);
        }
    }
}
