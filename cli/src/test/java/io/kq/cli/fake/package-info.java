/** A cluster in memory, and a way to run {@code kq} against it. */
@NullMarked
package io.kq.cli.fake;

import org.jspecify.annotations.NullMarked;
