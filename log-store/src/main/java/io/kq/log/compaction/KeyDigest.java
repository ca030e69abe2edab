package io.kq.log.compaction;

import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Keys as 128 bits. Two keys with the same digest would be taken for one and the older record would
 * be lost, so these are the first half of a SHA-256: among as many keys as a pass can hold that
 * does not happen by chance, and nobody knows how to make it happen. Single thread.
 */
public final class KeyDigest {

    private final MessageDigest sha256;
    private long high;
    private long low;

    public KeyDigest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Becomes the digest of the key of the record that {@code record} stands on. */
    public void of(RecordReader record) {
        record.updateWithKey(sha256);
        finish();
    }

    /** Becomes the digest of {@code key}. */
    void of(byte[] key) {
        sha256.update(key);
        finish();
    }

    private void finish() {
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest());
        high = digest.getLong();
        low = digest.getLong();
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }
}
