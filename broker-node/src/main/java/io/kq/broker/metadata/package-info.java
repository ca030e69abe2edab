/**
 * The metadata of a node that is no voter. Entry type: {@link
 * io.kq.broker.metadata.MetadataFollower}, which keeps a feed from some voter going; what is fed is
 * applied by {@link io.kq.metadata.FollowedMetadata}. One event loop; voters are reached through
 * {@link io.kq.broker.metadata.FeedConnector}, which the edge implements. May call {@code
 * metadata}, {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.metadata;

import org.jspecify.annotations.NullMarked;
