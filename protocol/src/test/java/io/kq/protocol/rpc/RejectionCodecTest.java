package io.kq.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.v1.Error;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RejectionCodecTest {

    private static final Map<String, String> FACTS =
            Map.of("leader_id", "2", "leader_address", "kq-2:9092", "suggestion", "first_topic");

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeSurvivesAFailedCall(ErrorCode code) {
        RejectedException sent = new RejectedException(code, "wörds", false, FACTS);

        assertSame(RejectionCodec.fromThrowable(RejectionCodec.toStatus(sent)), sent);
        assertSame(
                RejectionCodec.fromThrowable(RejectionCodec.toStatus(definite(sent))),
                definite(sent));
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeSurvivesAStream(ErrorCode code) {
        RejectedException sent = new RejectedException(code, "wörds", false, FACTS);

        assertSame(RejectionCodec.fromProto(RejectionCodec.toProto(sent)), sent);
        assertThat(RejectionCodec.toProto(sent).getRetriable()).isEqualTo(code.isRetriable());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasItsCanonicalStatus(ErrorCode code) {
        StatusRuntimeException status = RejectionCodec.toStatus(new RejectedException(code, "m"));

        assertThat(status.getStatus().getCode().name()).isEqualTo(code.status().name());
        assertThat(status.getStatus().getDescription()).isEqualTo("m");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void retryInfoIsThereExactlyWhereARetryCanHelp(ErrorCode code) {
        com.google.rpc.Status details = details(new RejectedException(code, "m"));

        assertThat(details.getDetailsList().stream().anyMatch(d -> d.is(RetryInfo.class)))
                .isEqualTo(code.isRetriable());
    }

    @Test
    void trailersSayItAgainInAscii() {
        RejectedException sent = new RejectedException(ErrorCode.NOT_LEADER, "m", true, FACTS);

        Metadata trailers = trailers(RejectionCodec.toStatus(sent));

        assertThat(trailers.get(CallHeaders.REASON)).isEqualTo("NOT_LEADER");
        assertThat(trailers.get(CallHeaders.LEADER)).isEqualTo("2@kq-2:9092");
        assertThat(trailers.get(CallHeaders.DEFINITE)).isEqualTo("true");
    }

    @Test
    void errorInfoCarriesDomainReasonAndDefinite() throws Exception {
        RejectedException sent = new RejectedException(ErrorCode.NOT_LEADER, "m", true, FACTS);

        ErrorInfo info = details(sent).getDetails(0).unpack(ErrorInfo.class);

        assertThat(info.getDomain()).isEqualTo("kq.io");
        assertThat(info.getReason()).isEqualTo("NOT_LEADER");
        assertThat(info.getMetadataMap())
                .containsEntry("definite", "true")
                .containsAllEntriesOf(FACTS);
    }

    @Test
    void readsTheTrailersWhereAProxyDroppedTheDetails() {
        StatusRuntimeException full =
                RejectionCodec.toStatus(
                        new RejectedException(ErrorCode.NOT_LEADER, "m", true, FACTS));
        Metadata trailers = trailers(full);
        trailers.discardAll(
                Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));

        RejectedException read =
                RejectionCodec.fromThrowable(full.getStatus().asRuntimeException(trailers));

        assertThat(read.code()).isEqualTo(ErrorCode.NOT_LEADER);
        assertThat(read.definite()).isTrue();
        assertThat(read.metadata())
                .isEqualTo(Map.of("leader_id", "2", "leader_address", "kq-2:9092"));
    }

    @Test
    void theWaitThatTheNodeAsksForIsInRetryInfo() throws Exception {
        RejectedException sent =
                new RejectedException(ErrorCode.OVERLOADED, "m")
                        .with(RejectionCodec.RETRY_AFTER_MS, "1250");

        RetryInfo info = details(sent).getDetails(1).unpack(RetryInfo.class);

        assertThat(info.getRetryDelay())
                .isEqualTo(Duration.newBuilder().setSeconds(1).setNanos(250_000_000).build());
    }

    @Test
    void aWaitThatIsNoNumberBecomesTheDefault() throws Exception {
        RejectedException sent =
                new RejectedException(ErrorCode.OVERLOADED, "m")
                        .with(RejectionCodec.RETRY_AFTER_MS, "soon");

        RetryInfo info = details(sent).getDetails(1).unpack(RetryInfo.class);

        assertThat(info.getRetryDelay())
                .isEqualTo(Duration.newBuilder().setNanos(100_000_000).build());
    }

    @Test
    void trailersStaySmallWhateverTheRefusalSays() {
        RejectedException huge =
                new RejectedException(
                        ErrorCode.NOT_LEADER,
                        "ü".repeat(100_000),
                        true,
                        Map.of(
                                "leader_id",
                                "1",
                                "leader_address",
                                "x".repeat(1400),
                                "zz",
                                "z".repeat(9000)));

        StatusRuntimeException status = RejectionCodec.toStatus(huge);

        int size = 3 * utf8(status.getStatus().getDescription());
        size += 4 * details(huge).getSerializedSize() / 3;
        size += trailers(status).get(CallHeaders.LEADER).length() + 200;
        assertThat(size).isLessThan(8192);
        RejectedException read = RejectionCodec.fromThrowable(status);
        assertThat(read.getMessage()).endsWith("...");
        assertThat(read.metadata()).containsOnlyKeys("leader_id", "leader_address");
    }

    @Test
    void leaderThatIsNotAsciiIsLeftOutOfTheTrailer() {
        RejectedException sent =
                new RejectedException(
                        ErrorCode.NOT_LEADER,
                        "m",
                        true,
                        Map.of("leader_id", "1", "leader_address", "a\r\nx: y"));

        StatusRuntimeException status = RejectionCodec.toStatus(sent);

        assertThat(trailers(status).containsKey(CallHeaders.LEADER)).isFalse();
        assertSame(RejectionCodec.fromThrowable(status), sent);
    }

    @Test
    void unknownReasonBecomesTheNearestByStatusAndIsKept() {
        RejectedException read =
                RejectionCodec.fromThrowable(newer(Status.Code.NOT_FOUND, "TRANSACTION_NOT_FOUND"));

        assertThat(read.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(read.definite()).isTrue();
        assertThat(read.getMessage()).isEqualTo("new words");
        assertThat(read.metadata()).containsEntry("reason", "TRANSACTION_NOT_FOUND");
    }

    @ParameterizedTest
    @EnumSource(Status.Code.class)
    void unknownReasonNeverBecomesOneThatClientsActOn(Status.Code code) {
        RejectedException read = RejectionCodec.fromThrowable(newer(code, "NEWER"));

        assertThat(read.code())
                .isNotIn(
                        ErrorCode.TOPIC_NOT_FOUND,
                        ErrorCode.TOPIC_ALREADY_EXISTS,
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        ErrorCode.FENCED_PRODUCER_EPOCH);
        assertThat(read.code().isRetriable())
                .isEqualTo(
                        code == Status.Code.UNAVAILABLE || code == Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void unknownReasonOfAnItemKeepsWhetherToRetry() {
        Error.Builder newer = Error.newBuilder().setReason("NEWER").setMessage("m");

        assertThat(RejectionCodec.fromProto(newer.setRetriable(true).build()).code())
                .isEqualTo(ErrorCode.NOT_READY);
        assertThat(RejectionCodec.fromProto(newer.setRetriable(false).build()).code())
                .isEqualTo(ErrorCode.FAILED_PRECONDITION);
    }

    @Test
    void anotherDomainsDetailsAreNotOurs() {
        ErrorInfo foreign =
                ErrorInfo.newBuilder()
                        .setDomain("mesh.example")
                        .setReason("TOPIC_NOT_FOUND")
                        .build();
        StatusRuntimeException status =
                StatusProto.toStatusRuntimeException(
                        com.google.rpc.Status.newBuilder()
                                .setCode(Status.Code.UNAVAILABLE.value())
                                .addDetails(Any.pack(foreign))
                                .build());

        assertThat(RejectionCodec.fromThrowable(status).code()).isEqualTo(ErrorCode.UNREACHABLE);
    }

    @Test
    void unavailableWithoutDetailsIsUnreachableAndUnknown() {
        RejectedException read =
                RejectionCodec.fromThrowable(Status.UNAVAILABLE.asRuntimeException());

        assertThat(read.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(read.definite()).isFalse();
    }

    @Test
    void refusedConnectionIsDefinite() {
        Status refused = Status.UNAVAILABLE.withCause(new ConnectException("refused"));

        assertThat(RejectionCodec.fromThrowable(refused.asRuntimeException()).definite()).isTrue();
    }

    @Test
    void connectionThatIsClosedUnderACallIsUnreachableAndUnknown() {
        Status closed =
                Status.UNKNOWN
                        .withDescription("channel closed")
                        .withCause(new ClosedChannelException());

        RejectedException read = RejectionCodec.fromThrowable(closed.asRuntimeException());

        assertThat(read.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(read.definite()).isFalse();
        assertThat(RejectionCodec.fromThrowable(Status.UNKNOWN.asRuntimeException()).code())
                .as("a node's own failure")
                .isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void deadlineWithoutDetailsIsDeadlineAndUnknown() {
        RejectedException read =
                RejectionCodec.fromThrowable(new StatusException(Status.DEADLINE_EXCEEDED));

        assertThat(read.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(read.definite()).isFalse();
    }

    @Test
    void looksThroughFuturesAtTheFailureItself() {
        RejectedException rejected = new RejectedException(ErrorCode.DISK_FULL, "m");

        assertThat(
                        RejectionCodec.fromThrowable(
                                new CompletionException(new CompletionException(rejected))))
                .isSameAs(rejected);
    }

    @Test
    void connectionThatBreaksWithinAStreamIsNoBugAndLeavesTheOutcomeOpen() {
        RejectedException read =
                RejectionCodec.fromStatus(
                        Status.INTERNAL.withDescription("Encountered end-of-stream mid-frame"),
                        new Metadata());

        assertThat(read.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(read.definite()).isFalse();
    }

    @Test
    void internalErrorWithoutAReasonStaysOne() {
        RejectedException read =
                RejectionCodec.fromStatus(Status.INTERNAL.withDescription("oops"), new Metadata());

        assertThat(read.code()).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void anythingElseIsAnInternalErrorOfUnknownOutcome() {
        RejectedException read = RejectionCodec.fromThrowable(new IllegalStateException("oops"));

        assertThat(read.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(read.definite()).isFalse();
        assertThat(read.getMessage()).contains("oops");
    }

    private static StatusRuntimeException newer(Status.Code code, String reason) {
        int value = code == Status.Code.OK ? Status.Code.UNKNOWN.value() : code.value();
        ErrorInfo info =
                ErrorInfo.newBuilder()
                        .setDomain("kq.io")
                        .setReason(reason)
                        .putMetadata("definite", "true")
                        .build();
        return StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                        .setCode(value)
                        .setMessage("new words")
                        .addDetails(Any.pack(info))
                        .build());
    }

    private static RejectedException definite(RejectedException sent) {
        return new RejectedException(sent.code(), sent.getMessage(), true, sent.metadata());
    }

    private static com.google.rpc.Status details(RejectedException sent) {
        com.google.rpc.Status details = StatusProto.fromThrowable(RejectionCodec.toStatus(sent));
        assertThat(details).isNotNull();
        return details;
    }

    private static Metadata trailers(StatusRuntimeException status) {
        Metadata trailers = status.getTrailers();
        assertThat(trailers).isNotNull();
        return trailers;
    }

    private static int utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    private static void assertSame(RejectedException read, RejectedException sent) {
        assertThat(read.code()).isEqualTo(sent.code());
        assertThat(read.getMessage()).isEqualTo(sent.getMessage());
        assertThat(read.definite()).isEqualTo(sent.definite());
        assertThat(read.metadata()).isEqualTo(sent.metadata());
    }
}
