/** Hand-written doubles of the rooms that partitions stand on: logs in memory, an image by hand. */
@NullMarked
package io.kq.broker.doubles;

import org.jspecify.annotations.NullMarked;
