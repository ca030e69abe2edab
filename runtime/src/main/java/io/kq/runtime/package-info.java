/**
 * Time, threads, chance and faults: the only place in kq that touches them. Entry types: {@link
 * io.kq.runtime.Clock}, {@link io.kq.runtime.EventLoop}, {@link io.kq.runtime.RandomSource}. All
 * others are given these as constructor arguments, so that a simulation can hand in its own. May
 * call nothing of kq.
 */
@NullMarked
package io.kq.runtime;

import org.jspecify.annotations.NullMarked;
