package io.kq.client.rpc.group;

import io.kq.client.group.GroupConfig;
import io.kq.client.group.GroupOffset;
import io.kq.client.group.SessionLink;
import io.kq.client.group.SessionLinks;
import io.kq.client.group.Subscription;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.rpc.CallFailure;
import io.kq.client.rpc.ClientLoop;
import io.kq.client.rpc.NodeChannels;
import io.kq.client.rpc.StreamCall;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.AssignedPartition;
import io.kq.v1.Assignment;
import io.kq.v1.CommitSession;
import io.kq.v1.CommittedSession;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.JoinGroup;
import io.kq.v1.JoinedGroup;
import io.kq.v1.LeaveGroup;
import io.kq.v1.PartitionError;
import io.kq.v1.ReleasePartitions;
import io.kq.v1.SessionHeartbeat;
import io.kq.v1.SessionRequest;
import io.kq.v1.SessionResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Opens {@code GroupService.Session} streams. On the loop. */
public final class GroupStreams implements SessionLinks {

    private static final int PREFETCH = 16;

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final GroupConfig config;

    public GroupStreams(ClientLoop loop, NodeChannels channels, GroupConfig config) {
        this.loop = loop;
        this.channels = channels;
        this.config = config;
    }

    @Override
    public SessionLink open(NodeAddress node, SessionLink.Listener listener) {
        Link link = new Link(listener);
        StreamCall<SessionRequest, SessionResponse> call =
                StreamCall.start(loop, channels, node, GroupServiceGrpc.getSessionMethod(), link);
        link.call = call;
        call.request(PREFETCH);
        return link;
    }

    private final class Link implements SessionLink, StreamCall.Events<SessionResponse> {

        private final Listener listener;
        private StreamCall<SessionRequest, SessionResponse> call;
        private boolean readyTold;

        @SuppressWarnings("NullAway.Init") // set before the link is given to anyone
        Link(Listener listener) {
            this.listener = listener;
        }

        private void send(SessionRequest.Builder message) {
            call.send(message.build());
        }

        @Override
        public void join(String memberId, Subscription subscription) {
            send(
                    SessionRequest.newBuilder()
                            .setJoin(
                                    JoinGroup.newBuilder()
                                            .setGroup(config.groupId())
                                            .setMemberId(memberId)
                                            .setInstanceId(config.instanceId())
                                            .setClientId(config.clientId())
                                            .addAllTopics(subscription.topics())
                                            .setTopicPattern(subscription.pattern())
                                            .setAssignor(config.assignor())
                                            .setSessionTimeoutMs(millis(config.sessionTimeout()))
                                            .setRebalanceTimeoutMs(
                                                    millis(config.rebalanceTimeout()))));
        }

        private static int millis(Duration time) {
            return (int) Math.min(Integer.MAX_VALUE, time.toMillis());
        }

        @Override
        public void release(int version) {
            send(
                    SessionRequest.newBuilder()
                            .setRelease(ReleasePartitions.newBuilder().setVersion(version)));
        }

        @Override
        public void commit(long id, int epoch, Map<TopicPartition, GroupOffset> offsets) {
            CommitSession.Builder commit =
                    CommitSession.newBuilder().setCorrelationId(id).setMemberEpoch(epoch);
            offsets.forEach(
                    (partition, offset) ->
                            commit.addOffsets(GroupMapping.toProto(partition, offset)));
            send(SessionRequest.newBuilder().setCommit(commit));
        }

        @Override
        public void heartbeat() {
            send(SessionRequest.newBuilder().setHeartbeat(SessionHeartbeat.getDefaultInstance()));
        }

        @Override
        public void leave() {
            send(SessionRequest.newBuilder().setLeave(LeaveGroup.getDefaultInstance()));
        }

        @Override
        public void close() {
            call.cancel();
        }

        @Override
        public void onReady() {
            if (!readyTold) {
                readyTold = true;
                listener.onReady();
            }
        }

        @Override
        public void onMessage(SessionResponse message) {
            call.request(1);
            switch (message.getMessageCase()) {
                case JOINED -> joined(message.getJoined());
                case ASSIGNMENT -> assignment(message.getAssignment());
                case COMMITTED -> committed(message.getCommitted());
                case FENCED ->
                        listener.onFenced(RejectionCodec.fromProto(message.getFenced().getError()));
                case HEARTBEAT -> listener.onAlive();
                case MESSAGE_NOT_SET -> {
                    // Of a newer coordinator; it does not rely on being understood.
                }
            }
        }

        private void joined(JoinedGroup joined) {
            listener.onJoined(
                    joined.getMemberId(),
                    joined.getMemberEpoch(),
                    Duration.ofMillis(Math.max(1, joined.getHeartbeatIntervalMs())));
        }

        private void assignment(Assignment assignment) {
            Map<TopicPartition, OptionalLong> partitions = new HashMap<>();
            for (AssignedPartition one : assignment.getAssignedList()) {
                long committed = one.getCommittedOffset();
                partitions.put(
                        new TopicPartition(one.getTopic(), one.getPartition()),
                        committed < 0 ? OptionalLong.empty() : OptionalLong.of(committed));
            }
            listener.onAssignment(
                    assignment.getVersion(),
                    assignment.getMemberEpoch(),
                    partitions,
                    assignment.getAwaitsRelease());
        }

        private void committed(CommittedSession committed) {
            if (committed.hasError()) {
                listener.onCommitFailed(
                        committed.getCorrelationId(),
                        RejectionCodec.fromProto(committed.getError()));
                return;
            }
            Map<TopicPartition, RejectedException> refused = new HashMap<>();
            for (PartitionError error : committed.getRefusedList()) {
                refused.put(
                        new TopicPartition(error.getTopic(), error.getPartition()),
                        RejectionCodec.fromProto(error.getError()));
            }
            listener.onCommitted(committed.getCorrelationId(), refused);
        }

        @Override
        public void onDropped(SessionResponse message) {}

        @Override
        public void onEnded(boolean wasReady, CallFailure failure) {
            listener.onClosed(wasReady, failure.rejection());
        }
    }
}
