package io.kq.system.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.system.history.Event.Acks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code DriverMain HISTORY HOST:PORT,... [--acks all,1,...] [--partitions N] [--replicas N]
 * [--min-isr N] [--pause MS] [--assign 0,1,2:1,2,0:...] [--config KEY=VALUE]...}: a workload that
 * is told on its standard input what to do ({@link Commands}), a line each, and answers each line
 * with one. The end of its input is its end. Exits with 0, or 2 where it cannot begin.
 */
public final class DriverMain {

    private DriverMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws IOException {
        if (arguments.length < 2 || arguments.length % 2 != 0) {
            return refuse("usage: DriverMain HISTORY HOST:PORT,... [--OPTION VALUE]...");
        }
        try (Workload workload = new Workload(plan(arguments), Path.of(arguments[0]))) {
            workload.start();
            System.out.println("ready " + workload.state());
            Commands commands = new Commands(workload);
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(commands.answer(line));
            }
            return 0;
        } catch (IllegalArgumentException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
    }

    private static Plan plan(String[] arguments) {
        List<String> bootstrap = List.of(arguments[1].split(",", -1));
        Plan defaults = Plan.against(bootstrap);
        Map<String, String> options = new HashMap<>();
        Map<String, String> configs = new HashMap<>();
        for (int i = 2; i < arguments.length; i += 2) {
            if (arguments[i].equals("--config")) {
                String[] pair = arguments[i + 1].split("=", 2);
                configs.put(pair[0], pair[1]);
            } else {
                options.put(arguments[i], arguments[i + 1]);
            }
        }
        List<List<Integer>> assignments = assignments(options.remove("--assign"));
        int partitions =
                assignments.isEmpty()
                        ? number(options, "--partitions", defaults.partitions())
                        : assignments.size();
        String acks = options.remove("--acks");
        Plan plan =
                new Plan(
                        bootstrap,
                        defaults.topic(),
                        partitions,
                        number(options, "--replicas", defaults.replicas()),
                        number(options, "--min-isr", defaults.minIsr()),
                        assignments,
                        configs,
                        acks == null ? defaults.writers() : acks(acks),
                        Duration.ofMillis(
                                number(options, "--pause", (int) defaults.pause().toMillis())),
                        defaults.deliveryMax());
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + options.keySet());
        }
        return plan;
    }

    private static int number(Map<String, String> options, String name, int otherwise) {
        String given = options.remove(name);
        return given == null ? otherwise : Integer.parseInt(given);
    }

    private static List<List<Integer>> assignments(@org.jspecify.annotations.Nullable String text) {
        List<List<Integer>> assignments = new ArrayList<>();
        if (text != null) {
            for (String partition : text.split(":", -1)) {
                assignments.add(
                        Arrays.stream(partition.split(",", -1)).map(Integer::valueOf).toList());
            }
        }
        return assignments;
    }

    private static List<Acks> acks(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(
                        each ->
                                switch (each.toLowerCase(Locale.ROOT)) {
                                    case "all" -> Acks.ALL;
                                    case "1" -> Acks.LEADER;
                                    case "0" -> Acks.NONE;
                                    default ->
                                            throw new IllegalArgumentException(
                                                    "acks are all, 1 or 0, not " + each);
                                })
                .toList();
    }

    private static int refuse(String why) {
        System.err.println("error: " + why);
        return 2;
    }
}
