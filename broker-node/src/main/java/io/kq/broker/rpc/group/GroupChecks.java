package io.kq.broker.rpc.group;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.kq.metadata.assignor.Assignors;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.group.MemberInfo.Subscription;
import io.kq.metadata.group.MemberInfo.Timeouts;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicName;
import io.kq.v1.JoinGroup;
import java.util.List;
import java.util.Set;

/**
 * Bounds of what strangers may say of groups. Each refusal is an INVALID_ARGUMENT that names it.
 */
final class GroupChecks {

    static final int NAME_MAX = 255;
    static final int COMMIT_METADATA_MAX = 4096;
    private static final int PATTERN_MAX = 1000;
    private static final int REPETITIONS_MAX = 1000;
    private static final Pattern COUNTED = Pattern.compile("\\{(\\d{1,4})(?:,(\\d{1,4}))?");
    private static final int TOPICS_MAX = 10_000;
    private static final int SESSION_MILLIS = 10_000;
    private static final int SESSION_MILLIS_MIN = 500;
    private static final int TIMEOUT_MILLIS_MAX = 3_600_000;
    private static final int REBALANCE_MILLIS = 60_000;

    private GroupChecks() {}

    static RejectedException invalid(String field, String why) {
        return new RejectedException(ErrorCode.INVALID_ARGUMENT, why).with("field", field);
    }

    /** A group's id: anything that can be printed on one line. */
    static String group(String id) {
        if (id.isEmpty()) {
            throw invalid("group", "a group needs a name");
        }
        return shortText("group", id);
    }

    private static String shortText(String field, String text) {
        if (text.length() > NAME_MAX) {
            throw invalid(
                    field,
                    field + " has " + text.length() + " characters, at most " + NAME_MAX + " do");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field, field + " has a control character in it");
        }
        return text;
    }

    /** What a member says of itself. */
    static MemberInfo member(JoinGroup join, String host) {
        String assignor = join.getAssignor().isEmpty() ? Assignors.DEFAULT : join.getAssignor();
        if (Assignors.of(assignor).isEmpty()) {
            throw invalid(
                    "assignor",
                    "there is no assignor '"
                            + shortText("assignor", assignor)
                            + "'; there are "
                            + String.join(", ", Assignors.names()));
        }
        return new MemberInfo(
                shortText("instance_id", join.getInstanceId()),
                shortText("client_id", join.getClientId()),
                host,
                subscription(join),
                assignor,
                timeouts(join));
    }

    private static Subscription subscription(JoinGroup join) {
        List<String> names = join.getTopicsList();
        String pattern = join.getTopicPattern();
        if (names.isEmpty() && pattern.isEmpty()) {
            throw invalid("topics", "a member needs topics, or a pattern of topics");
        }
        if (names.size() > TOPICS_MAX) {
            throw invalid("topics", names.size() + " topics, at most " + TOPICS_MAX + " do");
        }
        for (String name : names) {
            TopicName.problem(name)
                    .ifPresent(
                            problem -> {
                                throw new RejectedException(ErrorCode.INVALID_TOPIC_NAME, problem)
                                        .with("name", name);
                            });
        }
        if (pattern.length() > PATTERN_MAX) {
            throw invalid(
                    "topic_pattern",
                    "topic_pattern has "
                            + pattern.length()
                            + " characters, at most "
                            + PATTERN_MAX
                            + " do");
        }
        requireFewRepetitions(pattern);
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw invalid(
                    "topic_pattern",
                    "topic_pattern is no regular expression (RE2): " + e.getMessage());
        }
        return new Subscription(Set.copyOf(names), pattern);
    }

    /**
     * Counted repetitions are written out when an expression is compiled, nested ones multiplied.
     */
    private static void requireFewRepetitions(String pattern) {
        long product = 1;
        Matcher counts = COUNTED.matcher(pattern);
        while (counts.find()) {
            String most = counts.group(2) == null ? counts.group(1) : counts.group(2);
            product *= Math.max(1, Long.parseLong(most));
            if (product > REPETITIONS_MAX) {
                throw invalid(
                        "topic_pattern",
                        "the repetitions in topic_pattern come to more than " + REPETITIONS_MAX);
            }
        }
    }

    private static Timeouts timeouts(JoinGroup join) {
        int session = join.getSessionTimeoutMs() == 0 ? SESSION_MILLIS : join.getSessionTimeoutMs();
        int rebalance =
                join.getRebalanceTimeoutMs() == 0 ? REBALANCE_MILLIS : join.getRebalanceTimeoutMs();
        bounded("session_timeout_ms", session, SESSION_MILLIS_MIN);
        bounded("rebalance_timeout_ms", rebalance, 1);
        return new Timeouts(session, rebalance);
    }

    private static void bounded(String field, int millis, int min) {
        if (millis < min || millis > TIMEOUT_MILLIS_MAX) {
            throw invalid(
                    field,
                    field
                            + " is "
                            + Integer.toUnsignedString(millis)
                            + ", it may be from "
                            + min
                            + " to "
                            + TIMEOUT_MILLIS_MAX);
        }
    }
}
