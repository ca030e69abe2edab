/**
 * Consumer groups towards members and operators: {@link io.kq.broker.rpc.group.GroupService} is a
 * thin edge over the coordinators; what another node coordinates is passed on to it.
 */
@NullMarked
package io.kq.broker.rpc.group;

import org.jspecify.annotations.NullMarked;
