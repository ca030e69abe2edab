/**
 * The consumer's inside: partitions are subscribed at the nodes that lead them, what arrives waits
 * in a bounded buffer, records are decoded when they are polled. Entry type: {@link
 * io.kq.client.fetch.RecordPoller}. The thread that polls owns the positions, the client's loop
 * owns the subscriptions; they meet in {@code FetchBuffer} only. May call {@code
 * io.kq.client.metadata}, {@code protocol}, {@code runtime}; streams come in through the port
 * {@link io.kq.client.fetch.FetchLinks}.
 */
@NullMarked
package io.kq.client.fetch;

import org.jspecify.annotations.NullMarked;
