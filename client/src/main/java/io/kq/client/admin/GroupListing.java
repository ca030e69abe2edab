package io.kq.client.admin;

/**
 * A consumer group in a list.
 *
 * @param state as Kafka names it: Empty, Reconciling, Stable
 * @param coordinatorId the node that coordinates it
 */
public record GroupListing(
        String group, String type, String state, int coordinatorId, int memberCount) {}
