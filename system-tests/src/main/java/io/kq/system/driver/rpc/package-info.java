/**
 * What the public client keeps to itself: leader epochs of offsets, and the high watermark beside
 * the records. Entry type: {@link io.kq.system.driver.rpc.WireProbe}. Any thread.
 */
@NullMarked
package io.kq.system.driver.rpc;

import org.jspecify.annotations.NullMarked;
