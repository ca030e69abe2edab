/**
 * What every command stands on: the terminal, the global options, the connection they lead to, and
 * the ways to answer (text, JSON, failures, exit codes). Entry types: {@link io.kq.cli.shell.Shell}
 * (what a command is given), {@link io.kq.cli.shell.Session} (one run of it), {@link
 * io.kq.cli.shell.CommandFailure} (how it fails). One thread, except {@link
 * io.kq.cli.shell.Interrupts}. May call {@code client}, {@code protocol}, {@code runtime}, never a
 * command.
 */
@NullMarked
package io.kq.cli.shell;

import org.jspecify.annotations.NullMarked;
