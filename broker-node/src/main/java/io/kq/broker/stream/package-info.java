/**
 * Streams of log data to a reader within the credit it grants: the same for clients and for
 * followers. Entry type: {@link io.kq.broker.stream.CreditedSession}. Knows neither partitions nor
 * gRPC. May call {@code log} (slices) and {@code protocol}.
 */
@NullMarked
package io.kq.broker.stream;

import org.jspecify.annotations.NullMarked;
