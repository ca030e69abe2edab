package io.kq.metadata.raft;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Every setting of Ratis that kq does not leave at its default, and why. */
final class RaftSettings {

    /** Hard limit of an entry; kq's batches end at a quarter of it. */
    static final SizeInBytes ENTRY_MAX = SizeInBytes.valueOf("4MB");

    /**
     * With less than this a voter does not start. Less than the smallest reserve that records leave
     * free where nobody says otherwise: a disk full of records must not keep a voter down.
     */
    static final SizeInBytes FREE_SPACE_MIN = SizeInBytes.valueOf("8MB");

    private RaftSettings() {}

    static RaftProperties of(RaftConfig config) {
        RaftProperties properties = new RaftProperties();
        rpc(properties, config);
        log(properties);
        snapshots(properties, config);
        grpc(properties, config);
        // Exactly one: with more, recovery would not format an empty one.
        RaftServerConfigKeys.setStorageDir(properties, List.of(config.directory().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, config.directory().resolve("removed").toFile());
        RaftServerConfigKeys.setStorageFreeSpaceMin(properties, FREE_SPACE_MIN);
        // A pause above it closes the server, and with it the process.
        RaftServerConfigKeys.setCloseThreshold(properties, millis(Duration.ofMinutes(5)));
        return properties;
    }

    private static void rpc(RaftProperties properties, RaftConfig config) {
        Duration min = config.electionTimeoutMin();
        Duration max = config.electionTimeoutMax();
        Rpc.setTimeoutMin(properties, millis(min));
        Rpc.setTimeoutMax(properties, millis(max));
        boolean alone = config.voters().size() == 1;
        // A single voter has nobody to wait for.
        Rpc.setFirstElectionTimeoutMin(properties, millis(alone ? Duration.ofMillis(10) : min));
        Rpc.setFirstElectionTimeoutMax(properties, millis(alone ? Duration.ofMillis(20) : max));
        Rpc.setRequestTimeout(properties, millis(Duration.ofSeconds(3)));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // How long a leader that lost its majority does not stand again.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, millis(max.multipliedBy(3)));
        RaftServerConfigKeys.Notification.setNoLeaderTimeout(
                properties, millis(Duration.ofSeconds(10)));
        // In-JVM submitters never acknowledge replies: entries stay in the cache that long.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(Duration.ofSeconds(10)));
    }

    private static void log(RaftProperties properties) {
        // Without it followers apply an isolated write only at the next heartbeat.
        Log.setLogMetadataEnabled(properties, true);
        Log.setAppendEntriesComposeEnabled(properties, false);
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("16MB"));
        // A file that grows costs milliseconds for each sync.
        Log.setPreallocatedSize(properties, SizeInBytes.valueOf("4MB"));
        Log.setSegmentCacheNumMax(properties, 2);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("32MB"));
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_MAX.getSize() + (64 << 10)));
        Log.Appender.setBufferByteLimit(properties, ENTRY_MAX);
        Log.Appender.setWaitTimeMin(properties, TimeDuration.ONE_MILLISECOND);
        // The default makes a voter that comes back wait for up to five seconds.
        Log.Appender.setRetryPolicy(properties, "1ms,10, 100ms,50, 500ms,1000");
        Log.Appender.setInstallSnapshotEnabled(properties, true);
        // Never acknowledged before it is synced, never read on over damage.
        Log.setUnsafeFlushEnabled(properties, false);
        Log.setAsyncFlushEnabled(properties, false);
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
        // A voter that is down does not keep the others' logs from being purged.
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Log.setPurgePreservationLogNum(properties, 20_000);
    }

    private static void snapshots(RaftProperties properties, RaftConfig config) {
        // Off by default, and without snapshots the log grows for ever.
        Snapshot.setAutoTriggerEnabled(properties, true);
        Snapshot.setAutoTriggerThreshold(properties, config.snapshotThreshold());
        Snapshot.setTriggerWhenStopEnabled(properties, true);
        Snapshot.setRetentionFileNum(properties, 2);
    }

    private static void grpc(RaftProperties properties, RaftConfig config) {
        // Without a host the wildcard address is bound.
        GrpcConfigKeys.Server.setHost(properties, config.bindHost());
        GrpcConfigKeys.Server.setPort(properties, config.bindPort());
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, 8);
        // No event loops of its own: their quiet period would make each stop take two seconds. The
        // shared ones of its gRPC make a thread only for a connection.
        GrpcConfigKeys.Server.setBossGroupSize(properties, 0);
        GrpcConfigKeys.Server.setWorkerGroupSize(properties, 0);
        GrpcConfigKeys.Client.setWorkerGroupSize(properties, 0);
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("64MB"));
        GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf("4MB"));
    }

    private static TimeDuration millis(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
