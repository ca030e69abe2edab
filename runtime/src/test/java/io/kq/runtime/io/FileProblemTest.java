package io.kq.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileProblemTest {

    @TempDir private Path directory;

    private static String problem(Executable action) {
        return FileProblem.of(assertThrows(IOException.class, action));
    }

    @Test
    void saysInWordsWhatAPathAloneDoesNotSay() throws IOException {
        Path file = directory.resolve("file");
        assertThat(problem(() -> Files.readString(file)))
                .isEqualTo("no such file or directory: " + file);
        Files.write(file, new byte[] {(byte) 0xff});
        assertThat(problem(() -> Files.createDirectories(file)))
                .isEqualTo("there is already something else of this name: " + file);
        assertThat(problem(() -> Files.readString(file, StandardCharsets.UTF_8)))
                .isEqualTo("it is not UTF-8 text");
        assertThat(FileProblem.of(new AccessDeniedException("/x")))
                .isEqualTo("permission denied: /x");
    }

    @Test
    void keepsTheWordsThatThereAre() {
        assertThat(FileProblem.of(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("No space left on device: /x");
        assertThat(FileProblem.of(new IOException("Is a directory"))).isEqualTo("Is a directory");
        assertThat(FileProblem.of(new IOException())).isEqualTo("IOException");
        assertThat(FileProblem.of(new MalformedInputException(1)))
                .isEqualTo("it is not UTF-8 text");
    }
}
