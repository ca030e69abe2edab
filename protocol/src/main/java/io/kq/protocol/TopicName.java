package io.kq.protocol;

import java.util.Optional;

/** The rules for names of topics, the same for every client and node. */
public final class TopicName {

    /**
     * Longest name, in characters: leaves room for {@code -<partition>} and a suffix in a file
     * name.
     */
    public static final int LENGTH_MAX = 249;

    private TopicName() {}

    /** Says what is wrong with {@code name}, or empty if nothing is. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("a topic's name must not be empty");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("a topic's name must not be '" + name + "'");
        }
        if (name.length() > LENGTH_MAX) {
            return Optional.of(
                    "a topic's name has at most "
                            + LENGTH_MAX
                            + " characters, this one has "
                            + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isLegal(name.charAt(i))) {
                return Optional.of(
                        "a topic's name is made of a-z, A-Z, 0-9, '.', '_' and '-'; character "
                                + (i + 1)
                                + " is another one");
            }
        }
        return Optional.empty();
    }

    /** Whether the two names become one where '.' and '_' mean the same (metric names). */
    public static boolean collide(String one, String other) {
        return !one.equals(other) && one.replace('.', '_').equals(other.replace('.', '_'));
    }

    /** Whether a collision is possible at all: the name has a '.' or a '_'. */
    public static boolean canCollide(String name) {
        return name.indexOf('.') >= 0 || name.indexOf('_') >= 0;
    }

    private static boolean isLegal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
