/**
 * The {@code kq} command. Entry type: {@link io.kq.cli.KqCommand} ({@code main}); {@link
 * io.kq.cli.CommandTable} lists the commands and what else they are called. One thread. A command
 * is made and parsed only when it was asked for, because every class that is loaded is felt as
 * start-up time. May call all of {@code io.kq.cli}; no command calls back.
 */
@NullMarked
package io.kq.cli;

import org.jspecify.annotations.NullMarked;
