package io.kq.client.group;

import java.util.Set;

/**
 * What a member wants to read.
 *
 * @param topics by name; they may not exist yet
 * @param pattern a regular expression (RE2) for whole names of topics, also of those that come
 *     later; empty: none
 */
public record Subscription(Set<String> topics, String pattern) {

    public Subscription {
        topics = Set.copyOf(topics);
        if (topics.isEmpty() && pattern.isEmpty()) {
            throw new IllegalArgumentException("a subscription needs topics, or a pattern of them");
        }
    }

    public static Subscription topics(String... names) {
        return new Subscription(Set.of(names), "");
    }

    public static Subscription pattern(String regex) {
        return new Subscription(Set.of(), regex);
    }
}
