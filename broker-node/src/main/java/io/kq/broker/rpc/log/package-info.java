/**
 * {@code kq.v1.LogService}: produce, fetch, offsets, over gRPC. Entry type: {@link
 * io.kq.broker.rpc.log.LogService}. Translates between the wire and {@code broker.partition} and
 * {@code broker.fetch}, keeps the order of answers, bounds what is in flight, and forwards what
 * another node leads.
 *
 * <p>Threads: a call's requests are handled on the event loop that read them, appends included; its
 * answers are sent by whichever thread has one, one at a time per call. Nothing here blocks. May
 * call {@code broker.partition}, {@code broker.fetch}, {@code broker.rpc}, {@code log}, {@code
 * protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.rpc.log;

import org.jspecify.annotations.NullMarked;
