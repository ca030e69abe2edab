package io.kq.protocol.record;

/**
 * Which partition a key belongs to: murmur2 as Kafka's default partitioner computes it, so that a
 * key is found where a Kafka client would look for it. Any thread.
 */
public final class KeyHash {

    private static final int SEED = 0x9747b28c;
    private static final int M = 0x5bd1e995;
    private static final int R = 24;

    private KeyHash() {}

    /**
     * The partition of {@code key}.
     *
     * @param partitionCount at least 1
     */
    public static int partition(byte[] key, int partitionCount) {
        return (murmur2(key) & Integer.MAX_VALUE) % partitionCount;
    }

    /** Austin Appleby's MurmurHash2, 32 bits, with Kafka's seed. */
    public static int murmur2(byte[] key) {
        int length = key.length;
        int hash = SEED ^ length;
        int wholeWords = length & ~3;
        for (int i = 0; i < wholeWords; i += 4) {
            int k =
                    (key[i] & 0xff)
                            | (key[i + 1] & 0xff) << 8
                            | (key[i + 2] & 0xff) << 16
                            | (key[i + 3] & 0xff) << 24;
            k *= M;
            k ^= k >>> R;
            k *= M;
            hash *= M;
            hash ^= k;
        }
        int rest = length - wholeWords;
        if (rest > 0) {
            for (int i = rest - 1; i >= 0; i--) {
                hash ^= (key[wholeWords + i] & 0xff) << (8 * i);
            }
            hash *= M;
        }
        hash ^= hash >>> 13;
        hash *= M;
        hash ^= hash >>> 15;
        return hash;
    }
}
