/**
 * Judges a history: every invariant over it, whether the run counts at all, and how long writes
 * stood still. One pass, a fixed number of bytes for each write and offset. Entry type: {@link
 * io.kq.system.check.CheckMain}. Single thread. May call {@code check.rule}, {@code check.ledger},
 * {@code history}.
 */
@NullMarked
package io.kq.system.check;

import org.jspecify.annotations.NullMarked;
