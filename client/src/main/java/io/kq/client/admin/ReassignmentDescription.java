package io.kq.client.admin;

import io.kq.protocol.TopicPartition;
import java.util.List;

/** A reassignment under way. */
public record ReassignmentDescription(
        TopicPartition partition,
        List<Integer> replicas,
        List<Integer> adding,
        List<Integer> removing,
        List<Integer> isr) {}
