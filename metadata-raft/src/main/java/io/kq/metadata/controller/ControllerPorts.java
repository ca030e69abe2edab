package io.kq.metadata.controller;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe;
import io.kq.metadata.image.MetadataImage;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.RandomSource;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What the controller is given.
 *
 * @param committedImage with all entries that are applied on this node
 * @param readyTerm the term in which this node leads and has applied its first entry, empty: it
 *     does not lead. Any thread.
 */
public record ControllerPorts(
        EventLoop loop,
        Clock clock,
        RandomSource random,
        RecordLog log,
        Supplier<MetadataImage> committedImage,
        Supplier<OptionalLong> readyTerm,
        BrokerProbe probe,
        ReplicaProbe replicaProbe) {}
