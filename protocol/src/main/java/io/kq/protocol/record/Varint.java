package io.kq.protocol.record;

/**
 * Signed numbers as in Kafka's records and Protocol Buffers' {@code sint32}/{@code sint64}: zigzag
 * (0, -1, 1, -2, ...), then seven bits a byte, lowest first. Reading is in {@link RecordReader},
 * which knows its bounds.
 */
final class Varint {

    /** Longest form of an int. */
    static final int INT_BYTES_MAX = 5;

    /** Longest form of a long. */
    static final int LONG_BYTES_MAX = 10;

    private Varint() {}

    static int sizeOf(int value) {
        int bits = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(bits | 1)) / 7;
    }

    static int sizeOf(long value) {
        long bits = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(bits | 1)) / 7;
    }

    /** Writes at {@code position} and returns the position after it. */
    static int write(byte[] target, int position, int value) {
        int bits = (value << 1) ^ (value >> 31);
        int at = position;
        while ((bits & ~0x7f) != 0) {
            target[at++] = (byte) (bits | 0x80);
            bits >>>= 7;
        }
        target[at++] = (byte) bits;
        return at;
    }

    /** Writes at {@code position} and returns the position after it. */
    static int write(byte[] target, int position, long value) {
        long bits = (value << 1) ^ (value >> 63);
        int at = position;
        while ((bits & ~0x7fL) != 0) {
            target[at++] = (byte) (bits | 0x80);
            bits >>>= 7;
        }
        target[at++] = (byte) bits;
        return at;
    }

    static int unzigzag(int bits) {
        return (bits >>> 1) ^ -(bits & 1);
    }

    static long unzigzag(long bits) {
        return (bits >>> 1) ^ -(bits & 1);
    }
}
