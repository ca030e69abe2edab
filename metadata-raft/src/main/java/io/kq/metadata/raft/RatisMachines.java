package io.kq.metadata.raft;

import io.kq.runtime.FaultHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;

/**
 * The state machines of a server's groups. Ratis asks for one for each group that it finds on the
 * disk when it starts, before anybody could open it. Any thread.
 */
final class RatisMachines {

    /** A cluster has no more of them; their number is fixed at its birth. */
    static final int SHARDS_MAX = 64;

    private final String clusterId;
    private final ClientId ownClient;
    private final IntFunction<ShardEvents> shardEvents;
    private final FaultHandler faults;
    private final MetadataState metadata;
    private final Map<RaftGroupId, RatisStateMachine> machines = new ConcurrentHashMap<>();
    private final Map<Integer, ShardState> shards = new ConcurrentHashMap<>();

    RatisMachines(
            String clusterId,
            ClientId ownClient,
            RaftEvents events,
            IntFunction<ShardEvents> shardEvents,
            FaultHandler faults) {
        this.clusterId = clusterId;
        this.ownClient = ownClient;
        this.shardEvents = shardEvents;
        this.faults = faults;
        this.metadata = new MetadataState(events);
        machines.put(
                RaftNames.groupId(clusterId),
                new RatisStateMachine(ownClient, metadata, events, faults));
    }

    MetadataState metadata() {
        return metadata;
    }

    /** The state of a shard, as far as it has come here; empty before its group is open. */
    ShardState shard(int shard) {
        RatisStateMachine unused = machines.computeIfAbsent(shardId(shard), id -> make(shard));
        ShardState state = shards.get(shard);
        if (state == null) {
            throw new IllegalStateException("no state of shard " + shard);
        }
        return state;
    }

    private RaftGroupId shardId(int shard) {
        return RaftNames.shardId(clusterId, shard);
    }

    private RatisStateMachine make(int shard) {
        ShardEvents events = shardEvents.apply(shard);
        ShardState state = new ShardState(shard, events::onApplied);
        shards.put(shard, state);
        return new RatisStateMachine(ownClient, state, events, faults);
    }

    /** What Ratis asks for. */
    RatisStateMachine of(RaftGroupId group) {
        for (int shard = 0; shard < SHARDS_MAX && !machines.containsKey(group); shard++) {
            if (shardId(shard).equals(group)) {
                ShardState made = shard(shard);
                return of(group, made.name());
            }
        }
        return of(group, "a group of this cluster");
    }

    private RatisStateMachine of(RaftGroupId group, String what) {
        RatisStateMachine machine = machines.get(group);
        if (machine == null) {
            throw new IllegalStateException(group + " is not " + what);
        }
        return machine;
    }

    void stopping(RatisStateMachine.Stopping how) {
        machines.values().forEach(machine -> machine.stopping(how));
    }
}
