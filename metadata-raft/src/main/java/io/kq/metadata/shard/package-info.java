/**
 * What a coordination shard keeps of its consumer groups: records, and the image that they add up
 * to. Enter at {@link io.kq.metadata.shard.ShardImage}.
 */
@NullMarked
package io.kq.metadata.shard;

import org.jspecify.annotations.NullMarked;
