package io.kq.metadata.controller;

import java.util.Map;

/** What settings a topic may have. */
@FunctionalInterface
public interface TopicConfigRules {

    /**
     * Checks all settings of a topic.
     *
     * @throws io.kq.protocol.RejectedException UNKNOWN_CONFIG, INVALID_CONFIG
     */
    void checkAll(Map<String, String> configs);
}
