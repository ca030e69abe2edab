package io.kq.client.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

class CallFailureTest {

    @Test
    void aPortThatKnowsNoSuchServiceIsNotAKqPort() {
        CallFailure failure =
                CallFailure.of(
                        Status.UNIMPLEMENTED.withDescription("Method not found: x"),
                        new Metadata(),
                        true);
        assertThat(failure.answered()).isFalse();
        assertThat(failure.rejection().code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(failure.rejection()).hasMessage(CallFailure.NOT_KQ);
        assertThat(failure.rejection().definite()).isTrue();
    }

    @Test
    void whatANodeSaysItCannotDoStaysItsAnswer() {
        var refused =
                RejectionCodec.toStatus(
                        new RejectedException(ErrorCode.UNSUPPORTED, "kq does not replicate yet"));
        CallFailure failure = CallFailure.of(refused.getStatus(), refused.getTrailers(), true);
        assertThat(failure.answered()).isTrue();
        assertThat(failure.rejection().code()).isEqualTo(ErrorCode.UNSUPPORTED);
    }

    @Test
    void aRefusedConnectionHasReachedNobody() {
        CallFailure failure =
                CallFailure.of(
                        Status.UNAVAILABLE.withCause(new ConnectException("Connection refused")),
                        new Metadata(),
                        true);
        assertThat(failure.rejection()).hasMessage(CallFailure.REFUSED);
        assertThat(failure.rejection().definite()).isTrue();
    }

    @Test
    void aLostConnectionLeavesTheOutcomeOpen() {
        CallFailure failure = CallFailure.of(Status.UNAVAILABLE, new Metadata(), true);
        assertThat(failure.rejection()).hasMessage(CallFailure.LOST);
        assertThat(failure.rejection().definite()).isFalse();
    }

    @Test
    void aConnectionThatBreaksWithinAStreamIsLostAndNoBug() {
        Status broken =
                Status.INTERNAL.withCause(
                        Http2Exception.streamError(3, Http2Error.STREAM_CLOSED, "closed"));
        CallFailure failure = CallFailure.of(broken, new Metadata(), true);
        assertThat(failure.answered()).isFalse();
        assertThat(failure.rejection()).hasMessage(CallFailure.LOST);
        assertThat(failure.rejection().definite()).isFalse();
    }
}
