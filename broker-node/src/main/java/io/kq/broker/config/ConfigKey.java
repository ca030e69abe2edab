package io.kq.broker.config;

import java.util.Locale;

/**
 * One setting: declared once, read nowhere else.
 *
 * @param name dotted, lower case, without {@code _} and {@code -}, so that {@link #variable()} maps
 *     one to one
 * @param defaultText in the form a person would write it; empty: the setting may be absent
 * @param defaultNote what an empty default means, for the reference
 * @param doc one or two sentences, for the reference
 */
public record ConfigKey<T>(
        String name, ConfigType<T> type, String defaultText, String defaultNote, String doc) {

    /** Prefix of environment variables that are settings. */
    public static final String VARIABLE_PREFIX = "KQ_CONF_";

    public ConfigKey {
        if (!name.matches("[a-z]+(\\.[a-z]+)*")) {
            throw new IllegalArgumentException("not a setting's name: " + name);
        }
    }

    static <T> ConfigKey<T> of(String name, ConfigType<T> type, String defaultText, String doc) {
        return new ConfigKey<>(name, type, defaultText, "", doc);
    }

    /** A setting without a value by default; {@code note} says what happens then. */
    static <T> ConfigKey<T> absent(String name, ConfigType<T> type, String note, String doc) {
        return new ConfigKey<>(name, type, "", note, doc);
    }

    /** The environment variable that sets it, for example {@code KQ_CONF_NODE_ID}. */
    public String variable() {
        return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
