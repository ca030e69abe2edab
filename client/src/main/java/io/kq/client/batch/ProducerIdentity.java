package io.kq.client.batch;

/** Who writes, to a broker that remembers sequences. */
public record ProducerIdentity(long producerId, short epoch) {}
