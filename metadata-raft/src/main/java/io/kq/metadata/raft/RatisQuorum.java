package io.kq.metadata.raft;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.runtime.FaultHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.ExitUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One voter's Ratis server and its groups. Any thread. */
public final class RatisQuorum implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RatisQuorum.class);

    private final RaftServer server;
    private final RatisMachines machines;
    private final String clusterId;
    private final ClientId clientId;
    private final RatisGroup metadata;
    private final Map<Integer, RatisShard> shards = new ConcurrentHashMap<>();

    /** What a start writes before Ratis looks at the free space. */
    private static final long START_BYTES_MAX = 1 << 20;

    private RatisQuorum(
            RaftServer server, RatisMachines machines, String clusterId, ClientId clientId) {
        this.server = server;
        this.machines = machines;
        this.clusterId = clusterId;
        this.clientId = clientId;
        this.metadata = new RatisGroup(server, RaftNames.groupId(clusterId), clientId);
    }

    /**
     * Starts the server: reads snapshot and log, joins the others. Blocking; does not wait for a
     * leader. Events may come before this returns.
     *
     * @param shardEvents for each coordination shard, by its number; asked once for each that is on
     *     the disk already, or is opened later
     * @throws IOException the directory is damaged, its disk is full, or the port is taken
     */
    public static RatisQuorum start(
            String clusterId,
            int nodeId,
            UUID directoryId,
            RaftConfig config,
            RaftEvents events,
            IntFunction<ShardEvents> shardEvents,
            FaultHandler faults)
            throws IOException {
        keepRatisFromEndingTheProcess();
        requireSpace(config.directory());
        LogTailRepair.repair(config.directory());
        ClientId clientId = ClientId.randomId();
        RatisMachines machines =
                new RatisMachines(clusterId, clientId, events, shardEvents, faults);
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new RaftPortGuard());
        RaftServer server =
                RaftServer.newBuilder()
                        .setServerId(RaftNames.peerId(nodeId, directoryId))
                        .setGroup(RaftNames.group(clusterId, config))
                        .setStateMachineRegistry(machines::of)
                        .setProperties(RaftSettings.of(config))
                        .setParameters(parameters)
                        // The builder's default would wipe the directory.
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .build();
        RatisQuorum quorum = new RatisQuorum(server, machines, clusterId, clientId);
        try {
            server.start();
        } catch (ExitUtils.ExitException portTaken) {
            quorum.stop(RatisStateMachine.Stopping.ABRUPTLY);
            throw new IOException(
                    "cannot listen on " + config.bindHost() + ":" + config.bindPort(), portTaken);
        } catch (IOException | RuntimeException e) {
            quorum.stop(RatisStateMachine.Stopping.ABRUPTLY);
            throw new IOException(
                    "cannot read the metadata in "
                            + config.directory()
                            + ": "
                            + innermost(e).getMessage(),
                    e);
        }
        return quorum;
    }

    /** Ratis asks for it too, and takes a directory with less for a damaged one. */
    private static void requireSpace(Path directory) throws IOException {
        Files.createDirectories(directory);
        long free = Files.getFileStore(directory).getUsableSpace();
        long required = RaftSettings.FREE_SPACE_MIN.getSize() + START_BYTES_MAX;
        if (free < required) {
            throw new IOException(
                    "no space left for the metadata log: "
                            + free
                            + " bytes are free, "
                            + required
                            + " must be");
        }
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /**
     * A taken port makes Ratis call System.exit; told not to, it throws. Saying so installs its own
     * handler of uncaught exceptions for the whole process, which is none of its business.
     */
    private static void keepRatisFromEndingTheProcess() {
        Thread.UncaughtExceptionHandler own = Thread.getDefaultUncaughtExceptionHandler();
        ExitUtils.disableSystemExit();
        Thread.setDefaultUncaughtExceptionHandler(own);
    }

    /** With all entries that are applied here. */
    public MetadataImage image() {
        return machines.metadata().image();
    }

    /** The group whose log is the metadata. */
    public RatisGroup metadata() {
        return metadata;
    }

    /**
     * Appends a batch of metadata as one entry.
     *
     * @return as {@link RatisGroup#append}
     */
    public CompletableFuture<AppliedEntry> append(MetadataBatch batch) {
        return metadata.append(BatchCodec.encode(batch));
    }

    /**
     * Has this node keep a coordination shard, if it does not yet. Blocking.
     *
     * @param voters of the shard as it begins; none: its leader will take this node in
     * @throws IOException it cannot be written
     */
    public RatisShard openShard(int shard, List<Voter> voters) throws IOException {
        RaftGroupId id = RaftNames.shardId(clusterId, shard);
        RatisShard opened = shard(shard);
        for (RaftGroupId known : server.getGroupIds()) {
            if (known.equals(id)) {
                return opened;
            }
        }
        RaftGroup group = RaftGroup.valueOf(id, voters.stream().map(RaftNames::peer).toList());
        RaftClientReply reply =
                server.groupManagement(
                        GroupManagementRequest.newAdd(
                                clientId, server.getId(), shard, group, true));
        if (!reply.isSuccess()) {
            throw new IOException("shard " + shard + " cannot be opened", reply.getException());
        }
        return opened;
    }

    private RatisShard shard(int shard) {
        return shards.computeIfAbsent(
                shard,
                number ->
                        new RatisShard(
                                new RatisGroup(
                                        server, RaftNames.shardId(clusterId, number), clientId),
                                machines.shard(number)));
    }

    /** Gives leaderships to other voters that are up; then stops with snapshots. */
    @Override
    public void close() {
        shards.values().forEach(shard -> shard.group().giveLeadershipAway());
        metadata.giveLeadershipAway();
        stop(RatisStateMachine.Stopping.CLEANLY);
    }

    /** Stops as if the process had died: no transfer, no snapshot. For tests of what follows. */
    public void abandon() {
        stop(RatisStateMachine.Stopping.ABRUPTLY);
    }

    private void stop(RatisStateMachine.Stopping how) {
        machines.stopping(how);
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("Could not close the metadata log in good order cause={}", e.toString());
        }
    }
}
