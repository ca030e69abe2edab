package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicName;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which topics are meant: one by its name, those that a regular expression matches, or all. What
 * could be a name is a name and never an expression: {@code a.b} must not delete {@code a_b}.
 */
final class TopicSelection {

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "T",
            description =
                    "A topic's name; a regular expression if it has a character that names cannot"
                            + " have, such as * or |.")
    @Nullable String topic;

    @Option(names = "--exclude-internal", description = "Leave out kq's own topics.")
    boolean excludeInternal;

    @Option(
            names = "--if-exists",
            description = "With --describe, --alter, --delete: no such topic is no error.")
    boolean ifExists;

    /** What there is of it, by name; nothing is no error. */
    List<TopicDescription> find(Session session) {
        String typed = topic;
        if (typed == null) {
            return matching(session, null);
        }
        if (isExpression(typed)) {
            return matching(session, pattern(typed));
        }
        try {
            return List.of(session.await(session.admin().describeTopic(typed)));
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * The same; a topic that was named and does not exist is an error, unless {@code --if-exists}.
     */
    List<TopicDescription> require(Session session) {
        List<TopicDescription> found = find(session);
        if (found.isEmpty() && topic != null && !ifExists) {
            String next = "kq topics --list";
            if (isExpression(topic)) {
                throw CommandFailure.of(
                                ErrorCode.TOPIC_NOT_FOUND, "No topic matches '" + topic + "'.")
                        .next(next);
            }
            throw Explanation.noTopic(session, topic, next);
        }
        return found;
    }

    private List<TopicDescription> matching(Session session, @Nullable Pattern pattern) {
        return session.await(session.admin().listTopics()).stream()
                .filter(t -> !(excludeInternal && t.internal()))
                .filter(t -> pattern == null || pattern.matcher(t.name()).matches())
                .toList();
    }

    private static boolean isExpression(String typed) {
        return TopicName.problem(typed).isPresent();
    }

    /** Kafka's habit: a comma is an alternative. */
    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression.strip().replace(',', '|'));
        } catch (PatternSyntaxException e) {
            throw CommandFailure.usage(
                    "--topic: '" + expression + "' is no topic name and no regular expression");
        }
    }
}
