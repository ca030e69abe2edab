package io.kq.metadata.group;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a member says of itself.
 *
 * @param instanceId {@code group.instance.id} of a static member; empty: it is none
 * @param clientId for people
 * @param clientHost where it called from, for people
 * @param topicNames what it subscribes to; topics that do not exist yet too
 * @param topicPattern a regular expression for whole names of topics; empty: none
 */
public record MemberInfo(
        String instanceId,
        String clientId,
        String clientHost,
        Set<String> topicNames,
        String topicPattern) {
    public MemberInfo {
        topicNames = Collections.unmodifiableSet(new TreeSet<>(topicNames));
    }

    /** Whether the same partitions would do for both. */
    boolean wantsTheSameAs(MemberInfo other) {
        return topicNames.equals(other.topicNames) && topicPattern.equals(other.topicPattern);
    }
}
