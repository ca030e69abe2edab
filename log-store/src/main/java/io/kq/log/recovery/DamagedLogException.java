package io.kq.log.recovery;

/**
 * Met data that are not what they were known to be. Stays inside the log store: whoever owns the
 * log puts it into quarantine and answers with {@link Damage#refusal}.
 */
public final class DamagedLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    DamagedLogException(Damage damage) {
        super(damage.text(), null, false, false);
        this.damage = damage;
    }

    public Damage damage() {
        return damage;
    }
}
