package io.kq.broker.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Checked settings with where each came from. Made by {@link ConfigSources}. */
public final class Settings {

    private final Map<ConfigKey<?>, Setting> byKey;
    private final Map<ConfigKey<?>, Object> values;

    Settings(Map<ConfigKey<?>, Setting> byKey, Map<ConfigKey<?>, Object> values) {
        this.byKey = Collections.unmodifiableMap(new LinkedHashMap<>(byKey));
        this.values = Map.copyOf(values);
    }

    /** The value of a setting that has a default. */
    public <T> T get(ConfigKey<T> key) {
        return find(key)
                .orElseThrow(() -> new NoSuchElementException("no value for " + key.name()));
    }

    /** The value of a setting that may be absent. */
    @SuppressWarnings("unchecked") // values are put by keys of the same type
    public <T> Optional<T> find(ConfigKey<T> key) {
        return Optional.ofNullable((T) values.get(key));
    }

    /** The text of all settings and where each came from, in the order of the reference. */
    public Map<ConfigKey<?>, Setting> all() {
        return byKey;
    }

    /**
     * One setting as it was found.
     *
     * @param text empty: absent
     */
    public record Setting(String text, Origin origin) {}

    /** Where a value came from; a later one goes before an earlier one. */
    public enum Origin {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        OVERRIDE
    }
}
