package io.kq.log.producer;

/** Sequence numbers count records from 0 and go on with 0 after {@link Integer#MAX_VALUE}. */
final class Sequence {

    private Sequence() {}

    static int after(int sequence) {
        return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
    }
}
