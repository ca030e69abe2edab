package io.kq.broker;

import io.kq.broker.StopSequence.Stage;
import io.kq.broker.birth.Birth;
import io.kq.broker.birth.DirectoryIdentity;
import io.kq.broker.birth.IdentityFile;
import io.kq.broker.birth.NodeIdentity;
import io.kq.broker.birth.SideDirectories;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.Listener;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.rpc.EventLoops;
import io.kq.broker.rpc.node.BirthService;
import io.kq.broker.rpc.node.GrpcVoterDirectory;
import io.kq.broker.rpc.server.NodeServer;
import io.kq.broker.rpc.server.ServerConfig;
import io.kq.runtime.EventLoop;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The first half of a start: ports, disk, and who this node is. Ports come first, because a taken
 * one must be found before anything is written, and because other nodes ask who is here.
 *
 * @param directories who this node is by its disks
 * @param node the same, over its changes
 * @param control where birth and membership run
 * @param incarnationId names this run of the process
 * @param raftListener where the Raft port will be opened
 */
record NodeBirth(
        EventLoops sockets,
        EventLoop control,
        NodeServer server,
        NodeIdentity node,
        Path raftDirectory,
        SideDirectories.Settled directories,
        UUID incarnationId,
        HostPort raftListener) {

    static final String RAFT_LISTENER = "metadata.listener";

    private static final int SOCKET_THREADS_MIN = 2;

    /**
     * Blocks until this node has a cluster: for ever, if the other voters never come.
     *
     * @throws StartRefusedException a person has to do something
     */
    static NodeBirth run(NodeConfig config, NodeEnvironment environment, StopSequence stop) {
        List<Path> directories = config.dataDirectories();
        DirectoryHold hold = DirectoryHold.take(directories);
        stop.add(Stage.REST, "data directories", hold);
        IdentityFile file = new IdentityFile(config.dataDirectory());
        DirectoryIdentity onDisk = file.readOrCreate(config.nodeId(), environment.random());
        SideDirectories sides =
                SideDirectories.check(
                        config.dataDirectory(),
                        onDisk,
                        mayVote(config, onDisk),
                        directories.subList(1, directories.size()),
                        hold.unusable());

        int threads = Math.max(SOCKET_THREADS_MIN, Runtime.getRuntime().availableProcessors());
        EventLoops sockets = new EventLoops(threads);
        stop.add(Stage.REST, "sockets", sockets);
        EventLoop control = EventLoop.start("kq-node", environment.faults());
        stop.add(Stage.REST, "control loop", control);

        HostPort raftListener = FreePort.choose(config.listeners().metadata());
        if (mayVote(config, onDisk)) {
            // Opened by Ratis, after it has written a log, and with a wall of text if it is taken.
            new Listener(RAFT_LISTENER, raftListener).requireFree();
        }
        Birth birth =
                new Birth(
                        new Birth.Config(
                                config.nodeId(),
                                NodeAddresses.raft(config, raftListener, environment.host()),
                                config.quorum().peers()),
                        file,
                        onDisk,
                        new GrpcVoterDirectory(sockets),
                        control,
                        environment.random());
        UUID incarnationId = environment.random().nextUuid();
        NodeServer server =
                new NodeServer(
                        new ServerConfig(
                                config.listeners().client(),
                                config.listeners().node(),
                                config.serving().reflection(),
                                config.sessions().sessionTimeout()),
                        sockets,
                        List.of(new BirthService(birth, incarnationId)));
        stop.add(Stage.SERVICES, "ports", server);

        SideDirectories.Settled settled = sides.settle(await(birth.start()), environment.random());
        // The log store takes the locks for itself.
        hold.close();
        NodeIdentity node = new NodeIdentity(file, settled.identity());
        birth.answerFrom(node);
        return new NodeBirth(
                sockets,
                control,
                server,
                node,
                file.raftDirectory(),
                settled,
                incarnationId,
                raftListener);
    }

    /** What the disk says counts, once it says anything. */
    private static boolean mayVote(NodeConfig config, DirectoryIdentity onDisk) {
        return onDisk.hasCluster()
                ? onDisk.isVoter() || onDisk.isJoining()
                : config.quorum().isVoter();
    }

    /** Of the first directory. */
    DirectoryIdentity identity() {
        return node.now();
    }

    private static DirectoryIdentity await(CompletableFuture<DirectoryIdentity> settled) {
        try {
            return settled.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StartRefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
