/**
 * Who leads partitions and where their replicas are: {@code kq leaders}, {@code kq reassign}. Entry
 * types: {@link io.kq.cli.partitions.LeadersCommand}, {@link io.kq.cli.partitions.ReassignCommand};
 * for the commands that move whole nodes {@link io.kq.cli.partitions.Reassignments} and {@link
 * io.kq.cli.partitions.MoveWatch}. One thread. May call {@code cli.files}, {@code cli.shell},
 * {@code client}, {@code protocol}.
 */
@NullMarked
package io.kq.cli.partitions;

import org.jspecify.annotations.NullMarked;
