/**
 * What a client knows of the cluster: who is in it and who leads what. Entry type: {@link
 * io.kq.client.metadata.ClusterView}, which follows one node's metadata stream and moves to another
 * when that breaks. Values are for any thread, everything else lives on the client's loop. May call
 * {@code protocol}, {@code runtime}; the streams come in through the ports {@link
 * io.kq.client.metadata.MetadataFeed} and {@link io.kq.client.metadata.TopicLookup}.
 */
@NullMarked
package io.kq.client.metadata;

import org.jspecify.annotations.NullMarked;
