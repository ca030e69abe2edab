package io.kq.client.metadata;

import java.util.concurrent.CompletableFuture;

/** Port to a node's own answer about one topic; made by the rpc room. */
@FunctionalInterface
public interface TopicLookup {

    /** Fails with TOPIC_NOT_FOUND, with a suggestion where one name is near. */
    CompletableFuture<TopicView> find(String topic);
}
