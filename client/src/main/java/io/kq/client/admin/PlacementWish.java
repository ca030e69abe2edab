package io.kq.client.admin;

import java.util.List;

/**
 * Where replicas should be.
 *
 * @param topics empty: all
 * @param allowed brokers that may have replicas; empty: all
 * @param excluded brokers that may not
 * @param spread place all anew, evenly; else only those move that may not stay
 * @param replicationFactor replicas that each partition has then; 0: as many as it has
 */
public record PlacementWish(
        List<String> topics,
        List<Integer> allowed,
        List<Integer> excluded,
        boolean spread,
        int replicationFactor) {}
