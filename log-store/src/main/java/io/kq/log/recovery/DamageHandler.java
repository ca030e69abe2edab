package io.kq.log.recovery;

import io.kq.protocol.RejectedException;

/** Told by a reader of the damage that it met. Any thread; may block. */
@FunctionalInterface
public interface DamageHandler {

    /** Does what has to be done about it, and says what to answer the reader. */
    RejectedException onDamage(Damage damage);
}
