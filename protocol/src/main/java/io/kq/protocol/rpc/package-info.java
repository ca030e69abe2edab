/**
 * What both ends of a gRPC call share beyond the generated stubs: the error model ({@code
 * google.rpc.Status} and trailers), header names, and marshallers that keep batch bytes in the
 * transport's buffers. Any thread. May call the rest of {@code protocol}.
 */
@NullMarked
package io.kq.protocol.rpc;

import org.jspecify.annotations.NullMarked;
