/**
 * {@code kq consume}: records of topics to standard output. Entry type: {@link
 * io.kq.cli.consume.ConsumeCommand}. One thread; a signal only wakes it. May call {@code
 * cli.shell}, {@code client}, {@code protocol}.
 */
@NullMarked
package io.kq.cli.consume;

import org.jspecify.annotations.NullMarked;
