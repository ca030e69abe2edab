package io.kq.broker;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.Assignment;
import io.kq.v1.CommitSession;
import io.kq.v1.CommittedSession;
import io.kq.v1.GroupOffset;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.JoinGroup;
import io.kq.v1.LeaveGroup;
import io.kq.v1.ReleasePartitions;
import io.kq.v1.SessionRequest;
import io.kq.v1.SessionResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A member as a test plays it: says what it is told to, whether that is right or not. */
final class GroupSessionClient implements StreamObserver<SessionResponse> {

    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final StreamObserver<SessionRequest> words;

    GroupSessionClient(Channel channel) {
        this.words = GroupServiceGrpc.newStub(channel).session(this);
    }

    static JoinGroup.Builder join(String group, String... topics) {
        return JoinGroup.newBuilder()
                .setGroup(group)
                .setClientId("test")
                .addAllTopics(List.of(topics));
    }

    void say(SessionRequest word) {
        words.onNext(word);
    }

    void join(JoinGroup.Builder join) {
        say(SessionRequest.newBuilder().setJoin(join).build());
    }

    void release(int version) {
        say(
                SessionRequest.newBuilder()
                        .setRelease(ReleasePartitions.newBuilder().setVersion(version))
                        .build());
    }

    CommittedSession commit(int epoch, String topic, int partition, long offset)
            throws InterruptedException {
        say(
                SessionRequest.newBuilder()
                        .setCommit(
                                CommitSession.newBuilder()
                                        .setCorrelationId(7)
                                        .setMemberEpoch(epoch)
                                        .addOffsets(
                                                GroupOffset.newBuilder()
                                                        .setTopic(topic)
                                                        .setPartition(partition)
                                                        .setOffset(offset)))
                        .build());
        return next().getCommitted();
    }

    void leave() {
        say(SessionRequest.newBuilder().setLeave(LeaveGroup.getDefaultInstance()).build());
    }

    void saysNothingMore() {
        words.onCompleted();
    }

    /** The next word. */
    SessionResponse next() throws InterruptedException {
        Object next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next instanceof SessionResponse response) {
            return response;
        }
        throw new AssertionError("heard " + next);
    }

    /** The next assignment, whatever comes before it. */
    Assignment assignment() throws InterruptedException {
        while (true) {
            SessionResponse next = next();
            if (next.hasAssignment()) {
                return next.getAssignment();
            }
        }
    }

    /** Why the stream ends, said in it or by its status. */
    ErrorCode end() throws InterruptedException {
        while (true) {
            Object next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next instanceof SessionResponse response) {
                if (response.hasFenced()) {
                    return RejectionCodec.fromProto(response.getFenced().getError()).code();
                }
            } else if (next instanceof Throwable failure) {
                return RejectionCodec.fromThrowable(failure).code();
            } else {
                throw new AssertionError("ended with " + next);
            }
        }
    }

    /** Waits for an end that is none of an error. */
    void awaitEnd() throws InterruptedException {
        Object next;
        do {
            next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } while (next instanceof SessionResponse);
        if (!"end".equals(next)) {
            throw new AssertionError("ended with " + next);
        }
    }

    @Override
    public void onNext(SessionResponse word) {
        heard.add(word);
    }

    @Override
    public void onError(Throwable failure) {
        heard.add(failure);
    }

    @Override
    public void onCompleted() {
        heard.add("end");
    }
}
