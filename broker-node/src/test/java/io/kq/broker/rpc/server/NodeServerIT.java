package io.kq.broker.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.kq.broker.config.HostPort;
import io.kq.broker.rpc.CallContext;
import io.kq.broker.rpc.EventLoops;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.CallHeaders;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.GetTopicRequest;
import io.kq.v1.GetTopicResponse;
import io.kq.v1.ListTopicsRequest;
import io.kq.v1.Topic;
import io.kq.v1.TopicServiceGrpc;
import io.kq.v1.TopicServiceGrpc.TopicServiceImplBase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all calls have in common, over real sockets. */
class NodeServerIT {

    private static final HostPort ANY = new HostPort("127.0.0.1", 0);

    private EventLoops loops;
    private NodeServer server;
    private ManagedChannel channel;

    /** Answers by the name it is asked for. */
    private static final class SimulatedService extends TopicServiceImplBase {
        @Override
        public void getTopic(GetTopicRequest request, StreamObserver<GetTopicResponse> observer) {
            switch (request.getName()) {
                case "throws-refusal" ->
                        throw new RejectedException(ErrorCode.TOPIC_NOT_FOUND, "no such topic")
                                .with("suggestion", "other");
                case "answers-refusal" ->
                        observer.onError(
                                new CompletionException(
                                        new RejectedException(
                                                ErrorCode.NOT_CONTROLLER, "not here")));
                case "throws-bug" -> throw new IllegalStateException("the password is 1234");
                case "answers-bug" -> observer.onError(new NullPointerException("the secret"));
                case "silent" -> {
                    // The caller's deadline ends it.
                }
                default -> {
                    observer.onNext(
                            GetTopicResponse.newBuilder()
                                    .setTopic(
                                            Topic.newBuilder()
                                                    .setName(
                                                            "forwarded="
                                                                    + CallContext.isForwarded()))
                                    .build());
                    observer.onCompleted();
                }
            }
        }
    }

    @BeforeEach
    void open() {
        loops = new EventLoops(1);
        server =
                new NodeServer(
                        new ServerConfig(ANY, ANY, true, Duration.ofSeconds(3)), loops, List.of());
        channel = loops.channel(new HostPort("127.0.0.1", server.clientPort())).build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.close(Duration.ofSeconds(1));
        loops.close();
    }

    private void serve() {
        server.serve(List.of(new SimulatedService()), List.of());
    }

    private StatusRuntimeException failure(String name) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> ask(name));
    }

    private GetTopicResponse ask(String name) {
        return TopicServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getTopic(GetTopicRequest.newBuilder().setName(name).build());
    }

    private RejectedException rejection(String name) {
        return RejectionCodec.fromThrowable(failure(name));
    }

    @Test
    void whatIsNotServedYetIsNotReadyAndNotUnknown() {
        assertThat(rejection("x").code()).isEqualTo(ErrorCode.NOT_READY);
        serve();
        assertThat(ask("x").getTopic().getName()).isEqualTo("forwarded=false");
    }

    @Test
    void refusalsAreAnsweredHoweverTheyArise() {
        serve();
        assertThat(rejection("throws-refusal").metadata()).containsEntry("suggestion", "other");
        assertThat(rejection("throws-refusal").code()).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(rejection("answers-refusal").code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void bugsAreAnsweredWithoutAWordAboutThem() {
        serve();
        for (String name : List.of("throws-bug", "answers-bug")) {
            RejectedException rejection = rejection(name);
            assertThat(rejection.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(rejection.definite()).isFalse();
            assertThat(failure(name).toString()).doesNotContain("1234").doesNotContain("secret");
        }
    }

    @Test
    void methodThatIsNotImplementedIsUnsupported() {
        serve();
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                TopicServiceGrpc.newBlockingStub(channel)
                                        .listTopics(ListTopicsRequest.getDefaultInstance()));
        assertThat(RejectionCodec.fromThrowable(failure).code()).isEqualTo(ErrorCode.UNSUPPORTED);
    }

    @Test
    void requestIdComesBackWithAFailureAndWithAnAnswer() {
        serve();
        Metadata headers = new Metadata();
        headers.put(CallHeaders.REQUEST_ID, "r-1");
        headers.put(CallHeaders.FORWARDED, "2");
        var stub =
                TopicServiceGrpc.newBlockingStub(
                        ClientInterceptors.intercept(
                                channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                stub.getTopic(
                                        GetTopicRequest.newBuilder()
                                                .setName("throws-refusal")
                                                .build()));
        assertThat(Objects.requireNonNull(failure.getTrailers()).get(CallHeaders.REQUEST_ID))
                .isEqualTo("r-1");
        assertThat(
                        stub.getTopic(GetTopicRequest.newBuilder().setName("x").build())
                                .getTopic()
                                .getName())
                .isEqualTo("forwarded=true");
    }

    @Test
    void callWithoutAnAnswerEndsAtItsDeadline() {
        serve();
        StatusRuntimeException failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                TopicServiceGrpc.newBlockingStub(channel)
                                        .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                                        .getTopic(
                                                GetTopicRequest.newBuilder()
                                                        .setName("silent")
                                                        .build()));
        assertThat(RejectionCodec.fromThrowable(failure).code())
                .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }
}
