/**
 * Records and images to protobuf and back. The only room of this module with generated protobuf.
 * May call record, image.
 */
@NullMarked
package io.kq.metadata.codec;

import org.jspecify.annotations.NullMarked;
