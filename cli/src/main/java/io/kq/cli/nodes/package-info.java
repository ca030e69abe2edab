/**
 * {@code kq node}: what an operator does with one node. Entry types: a class for each second word.
 * One thread. May call {@code cli.partitions}, {@code cli.shell}, {@code client}, {@code protocol}.
 */
@NullMarked
package io.kq.cli.nodes;

import org.jspecify.annotations.NullMarked;
