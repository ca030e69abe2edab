/**
 * One class for each invariant that a history can break; its id is that of the list in {@code
 * docs/internals/testing.md}. Each sees every event once, in order. Entry type: {@link
 * io.kq.system.check.rule.Rule}. Single thread. May call {@code check.ledger} and {@code history}.
 */
@NullMarked
package io.kq.system.check.rule;

import org.jspecify.annotations.NullMarked;
