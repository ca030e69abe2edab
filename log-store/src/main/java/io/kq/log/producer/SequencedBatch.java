package io.kq.log.producer;

/**
 * One batch of a producer, as far as it is needed to know it again.
 *
 * @param baseSequence of its first record
 * @param lastSequence of its last record
 * @param baseOffset of its first record
 * @param nextOffset after its last record
 */
public record SequencedBatch(
        int baseSequence, int lastSequence, long baseOffset, long nextOffset) {}
