/**
 * Who leads partitions and where their replicas are: {@code kq leaders}. Entry type: {@link
 * io.kq.cli.partitions.LeadersCommand}. One thread. May call {@code cli.files}, {@code cli.shell},
 * {@code client}, {@code protocol}.
 */
@NullMarked
package io.kq.cli.partitions;

import org.jspecify.annotations.NullMarked;
