package io.kq.log.compaction.pass;

/** The log is not what it was when the pass began. Stays inside the pass. */
final class PassAbandonedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PassAbandonedException() {
        super("the log was cut, shortened or closed", null, false, false);
    }
}
