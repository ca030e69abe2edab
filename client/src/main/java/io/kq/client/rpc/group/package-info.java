/**
 * Calls about consumer groups: {@link io.kq.client.rpc.group.GroupStreams} for members, {@link
 * io.kq.client.rpc.group.GroupCalls} for operators. Wire messages end here.
 */
@NullMarked
package io.kq.client.rpc.group;

import org.jspecify.annotations.NullMarked;
