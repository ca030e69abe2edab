/**
 * Small programs that show one thing each. Entry type: {@link io.kq.examples.TrucksGps}. May call
 * {@code client} and {@code protocol}.
 */
@NullMarked
package io.kq.examples;

import org.jspecify.annotations.NullMarked;
