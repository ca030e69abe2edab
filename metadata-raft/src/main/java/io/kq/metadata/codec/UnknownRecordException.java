package io.kq.metadata.codec;

/**
 * Agreed records that this version does not know. A node that skipped them would have another image
 * than its peers: it must stop.
 */
public final class UnknownRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnknownRecordException(String message) {
        super(message);
    }
}
