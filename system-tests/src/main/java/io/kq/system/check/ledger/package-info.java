/**
 * What is remembered of a history while it is read, in columns of primitives so that tens of
 * millions of operations fit: each write's fate, the value at each offset, the last reading, the
 * replicas' dumps, and what was found wrong. Entry type: {@link io.kq.system.check.ledger.Ledger}.
 * Single thread. May call {@code history}.
 */
@NullMarked
package io.kq.system.check.ledger;

import org.jspecify.annotations.NullMarked;
