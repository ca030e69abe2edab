package io.kq.broker.rpc.group;

import io.grpc.stub.ServerCallStreamObserver;
import io.kq.metadata.coordinator.CoordinatorLoop;
import io.kq.metadata.coordinator.GroupDecisions;
import io.kq.metadata.coordinator.GroupDecisions.Commit;
import io.kq.metadata.coordinator.MemberStream;
import io.kq.metadata.coordinator.Membership;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.CommitSession;
import io.kq.v1.CommittedSession;
import io.kq.v1.FencedMember;
import io.kq.v1.GroupOffset;
import io.kq.v1.JoinGroup;
import io.kq.v1.JoinedGroup;
import io.kq.v1.PartitionError;
import io.kq.v1.SessionHeartbeat;
import io.kq.v1.SessionRequest;
import io.kq.v1.SessionResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A member whose group is coordinated on this node. It speaks on the call's thread and is told on
 * the coordinator's loop.
 */
final class MemberCall implements SessionPeer, MemberStream {

    /** A member has time to lose two of them. */
    private static final int HEARTBEATS_PER_SESSION = 3;

    /** So often that a coordinator which is silent is noticed before its successor is at work. */
    private static final int HEARTBEAT_MILLIS_MAX = 1_000;

    private final CoordinatorLoop coordinator;
    private final GroupDecisions decisions;
    private final GroupCodec codec;
    private final MemberIds memberIds;
    private final String clientHost;
    private final ServerCallStreamObserver<SessionResponse> client;

    /** Null before the first join. Call's thread. */
    private @Nullable Membership membership;

    private volatile boolean leaving;

    /** Guarded by the client. */
    private boolean ended;

    MemberCall(
            CoordinatorLoop coordinator,
            GroupDecisions decisions,
            GroupCodec codec,
            MemberIds memberIds,
            String clientHost,
            ServerCallStreamObserver<SessionResponse> client) {
        this.coordinator = coordinator;
        this.decisions = decisions;
        this.codec = codec;
        this.memberIds = memberIds;
        this.clientHost = clientHost;
        this.client = client;
    }

    @Override
    public void take(SessionRequest message) {
        if (message.hasJoin()) {
            join(message.getJoin());
            return;
        }
        Membership present = membership;
        if (present == null || leaving) {
            return;
        }
        if (!message.hasHeartbeat()) {
            coordinator.heard(this);
        }
        switch (message.getMessageCase()) {
            case RELEASE -> release(present, message.getRelease().getVersion());
            case COMMIT -> commit(present, message.getCommit());
            case LEAVE -> leave(present);
            case HEARTBEAT -> coordinator.beaten(this);
            case JOIN -> throw new IllegalStateException("taken already");
            case MESSAGE_NOT_SET ->
                    throw new RejectedException(
                            ErrorCode.INVALID_ARGUMENT, "a message of a session says something");
        }
    }

    private void join(JoinGroup join) {
        MemberInfo info = GroupChecks.member(join, clientHost);
        Membership present = membership;
        if (present == null) {
            boolean known = !join.getMemberId().isEmpty();
            String id = known ? join.getMemberId() : memberIds.next(join.getClientId());
            present = new Membership(join.getGroup(), id, known, info);
        } else if (!present.groupId().equals(join.getGroup())) {
            throw GroupChecks.invalid("group", "a session is for one group");
        } else {
            present = new Membership(present.groupId(), present.memberId(), false, info);
        }
        membership = present;
        coordinator.join(present, this);
    }

    private void release(Membership member, int version) {
        var unused =
                coordinator.submit(
                        decisions.released(member.groupId(), member.memberId(), version));
    }

    private void leave(Membership member) {
        leaving = true;
        coordinator.leave(member, this);
        if (member.info().isStatic()) {
            end(null);
        }
    }

    private void commit(Membership member, CommitSession commit) {
        CommittedSession.Builder answer =
                CommittedSession.newBuilder().setCorrelationId(commit.getCorrelationId());
        Map<TopicIdPartition, Commit> commits = new HashMap<>();
        Map<TopicIdPartition, GroupOffset> said = new HashMap<>();
        for (GroupOffset offset : commit.getOffsetsList()) {
            try {
                TopicIdPartition partition = codec.partition(offset);
                commits.put(partition, GroupCodec.commit(offset));
                said.put(partition, offset);
            } catch (RejectedException refusal) {
                answer.addRefused(refused(offset, refusal));
            }
        }
        var unused =
                coordinator
                        .submit(
                                decisions.commit(
                                        member.groupId(),
                                        member.memberId(),
                                        commit.getMemberEpoch(),
                                        commits))
                        .whenComplete(
                                (outcomes, failure) -> committed(answer, said, outcomes, failure));
    }

    private void committed(
            CommittedSession.Builder answer,
            Map<TopicIdPartition, GroupOffset> said,
            @Nullable Map<TopicIdPartition, Optional<RejectedException>> outcomes,
            @Nullable Throwable failure) {
        if (failure != null) {
            answer.setError(RejectionCodec.toProto(RejectionCodec.fromThrowable(failure)));
        }
        if (outcomes != null) {
            said.forEach(
                    (partition, offset) ->
                            outcomes.getOrDefault(partition, Optional.empty())
                                    .ifPresent(
                                            refusal ->
                                                    answer.addRefused(refused(offset, refusal))));
        }
        send(SessionResponse.newBuilder().setCommitted(answer).build());
    }

    private static PartitionError refused(GroupOffset offset, RejectedException refusal) {
        return PartitionError.newBuilder()
                .setTopic(offset.getTopic())
                .setPartition(offset.getPartition())
                .setError(RejectionCodec.toProto(refusal))
                .build();
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void onClientReady() {}

    @Override
    public void onGone() {
        synchronized (client) {
            ended = true;
        }
        coordinator.broken(this);
    }

    @Override
    public void onHalfClosed() {
        end(null);
        coordinator.broken(this);
    }

    @Override
    public boolean isOpen() {
        synchronized (client) {
            return !ended;
        }
    }

    @Override
    public void joined(GroupMember member) {
        int session = member.info().timeouts().sessionMillis();
        send(
                SessionResponse.newBuilder()
                        .setJoined(
                                JoinedGroup.newBuilder()
                                        .setMemberId(member.id())
                                        .setMemberEpoch(member.epoch())
                                        .setSessionTimeoutMs(session)
                                        .setHeartbeatIntervalMs(
                                                Math.min(
                                                        session / HEARTBEATS_PER_SESSION,
                                                        HEARTBEAT_MILLIS_MAX)))
                        .build());
    }

    @Override
    public void assignment(GroupMember member, Map<TopicIdPartition, CommittedOffset> committed) {
        send(
                SessionResponse.newBuilder()
                        .setAssignment(codec.assignment(member, committed))
                        .build());
    }

    @Override
    public void alive() {
        send(
                SessionResponse.newBuilder()
                        .setHeartbeat(SessionHeartbeat.getDefaultInstance())
                        .build());
    }

    @Override
    public void fenced(RejectedException why) {
        end(
                leaving
                        ? null
                        : SessionResponse.newBuilder()
                                .setFenced(
                                        FencedMember.newBuilder()
                                                .setError(RejectionCodec.toProto(why)))
                                .build());
    }

    private void send(SessionResponse message) {
        synchronized (client) {
            if (!ended) {
                client.onNext(message);
            }
        }
    }

    private void end(@Nullable SessionResponse last) {
        synchronized (client) {
            if (!ended) {
                ended = true;
                if (last != null) {
                    client.onNext(last);
                }
                client.onCompleted();
            }
        }
    }
}
