/**
 * {@code kq cluster}: the cluster as a whole, its brokers, its health. Entry types: a class for
 * each second word. One thread. May call {@code cli.shell}, {@code client}.
 */
@NullMarked
package io.kq.cli.cluster;

import org.jspecify.annotations.NullMarked;
