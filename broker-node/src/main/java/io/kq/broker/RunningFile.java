package io.kq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@code running.properties} in the data directory: what a running node is and where its ports
 * really are, for whoever started it. Gone when the node has stopped in good order.
 */
final class RunningFile {

    static final String NAME = "running.properties";

    private final Path file;

    RunningFile(Path directory) {
        this.file = directory.resolve(NAME);
    }

    void write(Map<String, String> facts) throws IOException {
        StringBuilder text = new StringBuilder();
        facts.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        DurableFile.replace(file, text.toString().getBytes(UTF_8));
    }

    void delete() throws IOException {
        DurableFile.delete(file);
    }
}
