/**
 * Tests of the distribution as it was built: what the launcher makes of its arguments and of the
 * machine, and what the archives hold.
 */
@NullMarked
package io.kq.deploy;

import org.jspecify.annotations.NullMarked;
