package io.kq.cli.shell;

import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.config.TopicConfig;
import io.kq.protocol.config.TopicConfig.Effect;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns a refusal into what a person can do about it. */
public final class Explanation {

    private Explanation() {}

    /** For any command. There is always something to try next. */
    public static CommandFailure of(RejectedException rejected) {
        CommandFailure failure = CommandFailure.from(rejected);
        return switch (rejected.code()) {
            case UNREACHABLE -> unreachable(rejected);
            case OFFSET_OUT_OF_RANGE -> outOfRange(failure);
            case STORAGE_FAULT -> storageFault(rejected);
            default -> failure.next(next(rejected));
        };
    }

    private static String next(RejectedException rejected) {
        return switch (rejected.code()) {
            case DEADLINE_EXCEEDED ->
                    "kq cluster status, or wait longer with --request-timeout 60s";
            case MESSAGE_TOO_LARGE ->
                    "give the topic a larger max.message.bytes: kq configs --alter --topic T"
                            + " --add-config max.message.bytes=2MiB";
            case TOPIC_NOT_FOUND -> "kq topics --list";
            case PARTITION_NOT_FOUND -> "kq topics --describe (shows which partitions there are)";
            case BROKER_NOT_FOUND,
                    INSUFFICIENT_BROKERS,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_REPLICA_ASSIGNMENT ->
                    "kq cluster brokers (shows which brokers there are)";
            case VOTER_NOT_ELIGIBLE ->
                    "kq cluster quorum (shows who votes); kq cluster brokers (shows who is up)";
            case QUORUM_TOO_SMALL -> "bring back the voters that are down first: kq cluster quorum";
            case QUORUM_CHANGE_IN_PROGRESS ->
                    "kq cluster quorum, and run the command again when that change is done";
            case QUORUM_CHANGE_FAILED ->
                    "see that the voters reach the node's metadata.listener, then run it again";
            case TOPIC_NAME_COLLISION ->
                    "choose another name, or use the topic that is there: kq topics --list";
            case INVALID_CONFIG -> configDefault(rejected);
            case UNKNOWN_CONFIG -> "correct the name; there are " + configs();
            case UNSUPPORTED -> "kq --help (shows what this version can do)";
            case DISK_FULL ->
                    "free space on the disk of the node (kq records --delete does, as retention"
                            + " does); it writes again by itself";
            case INTERNAL -> "this is a bug of kq: the nodes' logs say where";
            default ->
                    rejected.code().retry() == ErrorCode.Retry.NEVER
                            ? "correct what was asked for; kq COMMAND --help has examples"
                            : "kq cluster status (shows which brokers and partitions are down)";
        };
    }

    private static String configDefault(RejectedException rejected) {
        String name = rejected.metadata().getOrDefault("name", "");
        return TopicConfig.of(name)
                .map(config -> name + "=" + config.defaultValue() + " is its default")
                .orElse("correct the value");
    }

    /** Those that do something. */
    private static String configs() {
        return Arrays.stream(TopicConfig.values())
                .filter(config -> config.effect() == Effect.APPLIED)
                .map(TopicConfig::key)
                .collect(Collectors.joining(", "));
    }

    /** The client names each address it tried, and why it did not answer. */
    private static CommandFailure unreachable(RejectedException rejected) {
        String tried =
                rejected.metadata().entrySet().stream()
                        .map(fact -> fact.getKey() + " " + fact.getValue())
                        .collect(Collectors.joining("; "));
        if (tried.isEmpty()) {
            // A node answered, and could not reach another one.
            return CommandFailure.from(rejected)
                    .next("kq cluster status (shows which brokers are down)");
        }
        return CommandFailure.from(rejected, "no broker answered.")
                .withDetail(tried)
                .next(
                        "kq dev (local), kubectl port-forward svc/kq 9092 (cluster),"
                                + " or set KQ_BOOTSTRAP_SERVER");
    }

    /** Nothing heals it by itself: where to look, and what is left. */
    private static CommandFailure storageFault(RejectedException rejected) {
        Map<String, String> facts = rejected.metadata();
        String partition = facts.getOrDefault("partition", "");
        String offset = facts.containsKey("offset") ? " from offset " + facts.get("offset") : "";
        String place = partition.isEmpty() ? "" : "cannot read " + partition + offset + ": ";
        return CommandFailure.from(rejected, place + rejected.getMessage())
                .next("kq cluster brokers -o wide (shows which data directories have a problem)")
                .next(
                        "kq inspect DATA_DIRECTORY --verify (on its node: shows what is damaged;"
                                + " --records shows what is whole)");
    }

    private static CommandFailure outOfRange(CommandFailure failure) {
        Map<String, String> facts = failure.metadata();
        if (facts.containsKey("log_start") && facts.containsKey("log_end")) {
            failure.withDetail(
                    "offsets " + facts.get("log_start") + " to " + facts.get("log_end") + " exist");
        }
        return failure.next("use --from-beginning, or see kq offsets --time earliest");
    }

    /**
     * A topic that was named does not exist: says which one may have been meant.
     *
     * @param next what to try
     */
    public static CommandFailure noTopic(
            Session session, RejectedException rejected, String topic, String next) {
        String suggestion =
                Optional.ofNullable(rejected.metadata().get("suggestion"))
                        .or(() -> Suggestion.nearest(topic, topicNames(session)))
                        .orElse("");
        return CommandFailure.from(rejected, "Topic '" + topic + "' does not exist.")
                .didYouMean(suggestion)
                .next(next);
    }

    /** The same, found by looking at the list. */
    public static CommandFailure noTopic(Session session, String topic, String next) {
        return noTopic(
                session, new RejectedException(ErrorCode.TOPIC_NOT_FOUND, topic), topic, next);
    }

    /** A suggestion is worth one more call, and never a second failure. */
    private static List<String> topicNames(Session session) {
        try {
            return session.await(session.admin().listTopics()).stream()
                    .map(TopicDescription::name)
                    .toList();
        } catch (RejectedException e) {
            return List.of();
        }
    }
}
