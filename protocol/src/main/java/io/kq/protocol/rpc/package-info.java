/**
 * What both ends of a gRPC call share beyond the generated stubs. Entry types: {@link
 * io.kq.protocol.rpc.RejectionCodec} and {@link io.kq.protocol.rpc.CallHeaders} (the error model
 * and the names in metadata), {@link io.kq.protocol.rpc.LogMethods} (methods whose marshallers keep
 * batch bytes in the transport's buffers). Any thread unless a type says otherwise. May call the
 * rest of {@code protocol}.
 */
@NullMarked
package io.kq.protocol.rpc;

import org.jspecify.annotations.NullMarked;
