package io.kq.client.group;

import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Whoever a session speaks with: notes what it hears, and says what the test wants. */
final class ScriptedCoordinator implements SessionLinks {

    /** All that was heard, on all streams, in its order. */
    final List<String> heard = new ArrayList<>();

    final List<NodeAddress> called = new ArrayList<>();
    final List<SessionLink.Listener> streams = new ArrayList<>();

    @Override
    public SessionLink open(NodeAddress node, SessionLink.Listener listener) {
        called.add(node);
        streams.add(listener);
        return new Link();
    }

    /** The newest stream's. */
    SessionLink.Listener stream() {
        return streams.get(streams.size() - 1);
    }

    void joins(String memberId, int epoch) {
        stream().onReady();
        stream().onJoined(memberId, epoch, Duration.ofSeconds(1));
    }

    void assigns(int version, int epoch, boolean awaitsRelease, int... partitions) {
        Map<TopicPartition, OptionalLong> all = new HashMap<>();
        for (int partition : partitions) {
            all.put(new TopicPartition("t", partition), OptionalLong.empty());
        }
        stream().onAssignment(version, epoch, all, awaitsRelease);
    }

    void loses() {
        stream().onClosed(true, new RejectedException(ErrorCode.UNREACHABLE, "lost"));
    }

    void refuses(ErrorCode code) {
        stream().onFenced(new RejectedException(code, "refused"));
    }

    private final class Link implements SessionLink {

        @Override
        public void join(String memberId, Subscription subscription) {
            heard.add("join '" + memberId + "' " + subscription.topics());
        }

        @Override
        public void release(int version) {
            heard.add("release " + version);
        }

        @Override
        public void commit(long id, int epoch, Map<TopicPartition, GroupOffset> offsets) {
            heard.add("commit " + id + " in " + epoch);
        }

        @Override
        public void heartbeat() {
            heard.add("beat");
        }

        @Override
        public void leave() {
            heard.add("leave");
        }

        @Override
        public void close() {
            heard.add("close");
        }
    }
}
