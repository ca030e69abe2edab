/**
 * Who this node is, and how nodes with empty disks become one cluster. Entry types: {@link
 * io.kq.broker.birth.Birth} (runs the protocol on an event loop), {@link
 * io.kq.broker.birth.BirthPolicy} (decides, pure), {@link io.kq.broker.birth.IdentityFile} (what is
 * written). May call {@code broker.config} and {@code runtime}; other nodes are reached through
 * {@link io.kq.broker.birth.VoterDirectory}, which the edge implements.
 */
@NullMarked
package io.kq.broker.birth;

import org.jspecify.annotations.NullMarked;
