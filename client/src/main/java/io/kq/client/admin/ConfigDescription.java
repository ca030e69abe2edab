package io.kq.client.admin;

import java.util.List;

/**
 * One config with its value.
 *
 * @param readOnly it is not changed while the node runs
 * @param sensitive its value is not told
 * @param synonyms all values that there are, the one that counts first
 */
public record ConfigDescription(
        String name,
        String value,
        Source source,
        boolean readOnly,
        boolean sensitive,
        String documentation,
        List<Synonym> synonyms) {

    /** A value and where it comes from. */
    public record Synonym(String name, String value, Source source) {}

    /** Where a value comes from. */
    public enum Source {
        /** A newer node said something that this client does not know. */
        UNKNOWN,
        /** Set for the topic. */
        TOPIC,
        /** What the node was started with. */
        NODE,
        DEFAULT
    }
}
