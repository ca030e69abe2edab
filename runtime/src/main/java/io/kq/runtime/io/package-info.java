/**
 * Small durable files, directory locks, and what a full disk looks like. Entry types: {@link
 * io.kq.runtime.io.DurableFile}, {@link io.kq.runtime.io.DirectoryLock}. Any thread, blocking. One
 * of the two rooms that may use file channels.
 */
@NullMarked
package io.kq.runtime.io;

import org.jspecify.annotations.NullMarked;
