/**
 * The commands that run nodes: {@code kq dev}, a whole cluster on this machine, and {@code kq
 * server}, one node in the foreground. Entry types: {@link io.kq.cli.dev.DevCommand}, {@link
 * io.kq.cli.dev.ServerCommand}. A node is always a process of its own, started through the
 * distribution's launcher, so nothing of a node is on this class path. One thread decides; each
 * child has a thread that reads what it says. May call {@code io.kq.runtime}.
 */
@NullMarked
package io.kq.cli.dev;

import org.jspecify.annotations.NullMarked;
