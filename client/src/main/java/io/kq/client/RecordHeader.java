package io.kq.client;

import org.jspecify.annotations.Nullable;

/** A header of a record. */
@SuppressWarnings("ArrayRecordComponent")
public record RecordHeader(String key, byte @Nullable [] value) {}
