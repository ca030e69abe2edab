package io.kq.client.admin;

import java.util.List;

/**
 * The answer to a creation.
 *
 * @param created false: it existed, or was only validated
 * @param warnings for a person
 */
public record TopicCreated(TopicDescription topic, boolean created, List<String> warnings) {}
