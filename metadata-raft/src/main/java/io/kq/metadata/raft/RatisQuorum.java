package io.kq.metadata.raft;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.runtime.FaultHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.util.ExitUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One voter's Ratis server and its groups. Any thread. */
public final class RatisQuorum implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RatisQuorum.class);

    private final RaftServer server;
    private final RatisStateMachine stateMachine;
    private final MetadataState state;
    private final RatisGroup metadata;

    /** What a start writes before Ratis looks at the free space. */
    private static final long START_BYTES_MAX = 1 << 20;

    private RatisQuorum(
            RaftServer server,
            RatisStateMachine stateMachine,
            MetadataState state,
            RatisGroup metadata) {
        this.server = server;
        this.stateMachine = stateMachine;
        this.state = state;
        this.metadata = metadata;
    }

    /**
     * Starts the server: reads snapshot and log, joins the others. Blocking; does not wait for a
     * leader. Events may come before this returns.
     *
     * @throws IOException the directory is damaged, its disk is full, or the port is taken
     */
    public static RatisQuorum start(
            String clusterId,
            int nodeId,
            UUID directoryId,
            RaftConfig config,
            RaftEvents events,
            FaultHandler faults)
            throws IOException {
        keepRatisFromEndingTheProcess();
        requireSpace(config.directory());
        LogTailRepair.repair(config.directory());
        ClientId clientId = ClientId.randomId();
        MetadataState state = new MetadataState(events);
        RatisStateMachine stateMachine = new RatisStateMachine(clientId, state, events, faults);
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new RaftPortGuard());
        RaftServer server =
                RaftServer.newBuilder()
                        .setServerId(RaftNames.peerId(nodeId, directoryId))
                        .setGroup(RaftNames.group(clusterId, config))
                        .setStateMachineRegistry(group -> stateMachine)
                        .setProperties(RaftSettings.of(config))
                        .setParameters(parameters)
                        // The builder's default would wipe the directory.
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .build();
        RatisQuorum quorum =
                new RatisQuorum(
                        server,
                        stateMachine,
                        state,
                        new RatisGroup(server, RaftNames.groupId(clusterId), clientId));
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
        return state.image();
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

    /** Gives leadership to another voter that is up, if it has it; then stops with a snapshot. */
    @Override
    public void close() {
        metadata.giveLeadershipAway();
        stop(RatisStateMachine.Stopping.CLEANLY);
    }

    /** Stops as if the process had died: no transfer, no snapshot. For tests of what follows. */
    public void abandon() {
        stop(RatisStateMachine.Stopping.ABRUPTLY);
    }

    private void stop(RatisStateMachine.Stopping how) {
        stateMachine.stopping(how);
        try {
            server.close();
        } catch (IOException e) {
            LOG.warn("Could not close the metadata log in good order cause={}", e.toString());
        }
    }
}
