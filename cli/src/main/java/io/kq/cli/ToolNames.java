package io.kq.cli;

import static java.util.Map.entry;

import io.kq.cli.shell.CommandFailure;
import io.kq.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people who know Kafka call the commands: the names of its tools, with and without {@code
 * kafka-}, {@code .sh} and {@code .bat}. Says of the tools that kq does not have why not.
 */
final class ToolNames {

    private static final Map<String, String> COMMANDS =
            Map.ofEntries(
                    entry("console-producer", "produce"),
                    entry("console-consumer", "consume"),
                    entry("consumer-groups", "groups"),
                    entry("get-offsets", "offsets"),
                    entry("delete-records", "records"),
                    entry("leader-election", "leaders"),
                    entry("reassign-partitions", "reassign"),
                    entry("cluster cluster-id", "cluster id"),
                    entry("cluster unregister", "node unregister"),
                    entry("producer-perf-test", "perf produce"),
                    entry("consumer-perf-test", "perf consume"),
                    entry("server-start", "server start"));

    /** Parts of kq that are designed and not built yet, by kq's name and by Kafka's. */
    private static final Map<String, String> LATER =
            Map.ofEntries(
                    entry("acls", "kq acls"),
                    entry("certs", "kq certs"),
                    entry("top", "kq top"),
                    entry("doctor", "kq doctor"),
                    entry("config", "kq config"),
                    entry("e2e-latency", "kq perf e2e (kafka-e2e-latency)"),
                    entry("transactions", "kafka-transactions"),
                    entry("log-dirs", "kafka-log-dirs"),
                    entry("metadata-quorum", "kafka-metadata-quorum"),
                    entry("features", "kafka-features"),
                    entry("broker-api-versions", "kafka-broker-api-versions"),
                    entry("client-metrics", "kafka-client-metrics"),
                    entry("share-groups", "kafka-share-groups"),
                    entry("console-share-consumer", "kafka-console-share-consumer"),
                    entry("streams-groups", "kafka-streams-groups"),
                    entry("streams-application-reset", "kafka-streams-application-reset"),
                    entry("replica-verification", "kafka-replica-verification"),
                    entry("verifiable-producer", "kafka-verifiable-producer"),
                    entry("verifiable-consumer", "kafka-verifiable-consumer"),
                    entry("connect-standalone", "Kafka Connect"),
                    entry("connect-distributed", "Kafka Connect"),
                    entry("connect-mirror-maker", "MirrorMaker"));

    private ToolNames() {}

    /** {@code bin/kafka-topics.sh} becomes {@code topics}. */
    static String plain(String typed) {
        String name =
                typed.substring(Math.max(typed.lastIndexOf('/'), typed.lastIndexOf('\\')) + 1);
        for (String suffix : new String[] {".sh", ".bat"}) {
            if (name.endsWith(suffix)) {
                name = name.substring(0, name.length() - suffix.length());
            }
        }
        return name.startsWith("kafka-") ? name.substring("kafka-".length()) : name;
    }

    /** kq's own name of a command that is known by another one. */
    static String command(String plain) {
        return COMMANDS.getOrDefault(plain, plain);
    }

    /** What another name of a command says already: {@code kafka-delete-records} deletes. */
    static List<String> implied(String plain) {
        return switch (plain) {
            case "delete-records" -> List.of("--delete");
            case "leader-election" -> List.of("--elect");
            default -> List.of();
        };
    }

    /** Why there is no such command, if that is known. */
    static Optional<CommandFailure> refusal(String plain) {
        if (plain.startsWith("zookeeper")) {
            return Optional.of(
                    CommandFailure.usage("kq has no ZooKeeper; there is nothing to start")
                            .next("kq dev (starts a node that needs nothing else)"));
        }
        if (plain.equals("storage")) {
            return Optional.of(
                    CommandFailure.usage("kq needs no format step; a node makes its own directory")
                            .next("kq dev, or kq server start --config kq.properties"));
        }
        if (plain.equals("dump-log")) {
            return Optional.of(
                    CommandFailure.usage("kq reads its log files with another command")
                            .next("kq inspect DATA_DIRECTORY --topic T --records"));
        }
        return Optional.ofNullable(LATER.get(plain))
                .map(
                        name ->
                                CommandFailure.of(
                                                ErrorCode.UNSUPPORTED,
                                                name + " is not in this version.")
                                        .next("kq --help (shows what this version can do)"));
    }
}
