package io.kq.cli.dev;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands in for a node's process: understands {@code server start --config F [--override
 * fake=MODE]} and behaves as told, as far as `kq dev` can see.
 */
public final class FakeNode {

    private FakeNode() {}

    /** The process. */
    public static void main(String[] args) throws IOException {
        List<String> words = List.of(args);
        Path config = Path.of(words.get(words.indexOf("--config") + 1));
        Properties settings = new Properties();
        settings.load(new StringReader(Files.readString(config)));
        switch (mode(words, settings.getProperty("node.id"))) {
            case "refuse" -> {
                System.err.println("error: this disk belongs to another cluster. [FOREIGN_DISK]");
                System.exit(2);
            }
            case "hang" -> endOfInput();
            case "stubborn" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(LockSupport::park));
                ready(settings);
                LockSupport.park();
            }
            default -> {
                ready(settings);
                endOfInput();
            }
        }
        System.exit(0);
    }

    /** {@code fake=MODE} for all nodes, {@code fake=MODE@ID} for one. */
    private static String mode(List<String> words, String id) {
        for (String word : words) {
            if (word.startsWith("fake=")) {
                String[] parts = word.substring("fake=".length()).split("@", -1);
                if (parts.length == 1 || parts[1].equals(id)) {
                    return parts[0];
                }
            }
        }
        return "";
    }

    private static void ready(Properties settings) {
        System.out.println("something else first");
        System.out.println(
                "kq node "
                        + settings.getProperty("node.id")
                        + " ready cluster=7Jq client="
                        + settings.getProperty("listeners"));
        System.out.flush();
    }

    private static void endOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // Until whoever started this process is gone.
        }
    }
}
