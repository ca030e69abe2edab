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
 * @param subscription what it wants to read
 * @param assignor by which partitions should be shared ({@link io.kq.metadata.assignor.Assignors})
 * @param timeouts after which it is taken for dead
 */
public record MemberInfo(
        String instanceId,
        String clientId,
        String clientHost,
        Subscription subscription,
        String assignor,
        Timeouts timeouts) {

    /**
     * What a member wants to read.
     *
     * @param topicNames topics that do not exist yet too
     * @param topicPattern a regular expression (RE2) for whole names of topics; empty: none
     */
    public record Subscription(Set<String> topicNames, String topicPattern) {
        public Subscription {
            topicNames = Collections.unmodifiableSet(new TreeSet<>(topicNames));
        }
    }

    /**
     * A member's patience.
     *
     * @param sessionMillis it has sent nothing for so long
     * @param rebalanceMillis it has not released for so long what it was told to
     */
    public record Timeouts(int sessionMillis, int rebalanceMillis) {}

    public boolean isStatic() {
        return !instanceId.isEmpty();
    }

    /** Whether the same partitions would do for both. */
    boolean wantsTheSameAs(MemberInfo other) {
        return subscription.equals(other.subscription) && assignor.equals(other.assignor);
    }
}
