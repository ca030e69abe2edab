/**
 * Real node processes for tests: started on free ports in a temporary directory, killed by their
 * own process id only. Entry type: {@link io.kq.system.harness.Cluster}. The test's thread.
 */
@NullMarked
package io.kq.system.harness;

import org.jspecify.annotations.NullMarked;
