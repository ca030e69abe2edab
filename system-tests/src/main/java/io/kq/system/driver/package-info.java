/**
 * The workload that a cluster is under while something is done to it: writers, readers and
 * observers that use the public client and write down what they are told as a history. Entry types:
 * {@link io.kq.system.driver.DriverMain}, {@link io.kq.system.driver.Workload}. Each writer, reader
 * and observer has a thread of its own. May call {@code history}, {@code driver.rpc} and the
 * client.
 */
@NullMarked
package io.kq.system.driver;

import org.jspecify.annotations.NullMarked;
