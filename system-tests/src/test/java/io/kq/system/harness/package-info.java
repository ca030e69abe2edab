/**
 * The distribution as its users meet it: real node processes on free ports in a temporary
 * directory, killed by their own process id only, and a shell in which {@code kq} is typed. Entry
 * types: {@link io.kq.system.harness.Cluster}, {@link io.kq.system.harness.Shell}. The test's
 * thread.
 */
@NullMarked
package io.kq.system.harness;

import org.jspecify.annotations.NullMarked;
