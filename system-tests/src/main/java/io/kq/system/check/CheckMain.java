package io.kq.system.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code CheckMain HISTORY [--dump NODE=FILE]... [--acked-min N]}: prints the verdict. Exits with 0
 * (good), 1 (an invariant is broken), 2 (cannot be read), 3 (the run does not count).
 */
public final class CheckMain {

    private static final long ACKED_MIN = 1000;

    private CheckMain() {}

    /** See the class. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        Map<Integer, Path> dumps = new TreeMap<>();
        long ackedMin = ACKED_MIN;
        if (arguments.length % 2 == 0) {
            return refuse("usage: CheckMain HISTORY [--dump NODE=FILE]... [--acked-min N]");
        }
        try {
            for (int i = 1; i < arguments.length; i += 2) {
                String value = arguments[i + 1];
                int equals = value.indexOf('=');
                switch (arguments[i]) {
                    case "--acked-min" -> ackedMin = Long.parseLong(value);
                    case "--dump" ->
                            dumps.put(
                                    Integer.parseInt(value.substring(0, Math.max(0, equals))),
                                    Path.of(value.substring(equals + 1)));
                    default -> {
                        return refuse("unknown option " + arguments[i]);
                    }
                }
            }
            Path history = Path.of(arguments[0]);
            if (!Files.isReadable(history)) {
                return refuse(history + " cannot be read");
            }
            Verdict verdict = HistoryCheck.check(history, dumps, ackedMin);
            verdict.print(System.out);
            return verdict.exitCode();
        } catch (IllegalArgumentException | IOException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private static int refuse(String why) {
        System.err.println("error: " + why);
        return 2;
    }
}
