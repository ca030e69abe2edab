package io.kq.metadata.assignor;

/** Shares partitions among the members of a group. Pure: the same group gives the same shares. */
@FunctionalInterface
public interface Assignor {

    /**
     * Gives each partition that at least one member subscribes to exactly one of those that do.
     *
     * @return a share for each member of {@code group}, perhaps empty
     */
    Shares assign(GroupSpec group);
}
