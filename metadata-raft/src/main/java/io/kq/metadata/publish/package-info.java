/**
 * Ordered publication of images and deltas on one thread; a snapshot arrives as a delta. May call
 * image.
 */
@NullMarked
package io.kq.metadata.publish;

import org.jspecify.annotations.NullMarked;
