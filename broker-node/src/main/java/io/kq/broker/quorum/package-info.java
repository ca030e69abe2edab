/**
 * Who votes on the metadata: a node's own place in the quorum, over its changes, and the changes
 * themselves. Entry types: {@link io.kq.broker.quorum.QuorumMember} (every node), {@link
 * io.kq.broker.quorum.VoterChanges} (the active controller). Each is owned by its event loop.
 */
@NullMarked
package io.kq.broker.quorum;

import org.jspecify.annotations.NullMarked;
