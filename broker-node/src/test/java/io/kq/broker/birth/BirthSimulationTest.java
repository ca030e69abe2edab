package io.kq.broker.birth;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three voters with empty disks are started, killed and started anew at random while messages get
 * lost, until nothing fails any more: they must end in one and the same cluster, and no disk may
 * ever have been told of another one.
 */
class BirthSimulationTest {

    private static final int NODES = 3;
    private static final int SEEDS = 40;
    private static final int STEPS = 60;

    @TempDir Path directory;

    /** The nodes and the net between them, turned by hand. */
    private static final class World {
        private final ManualClock clock = new ManualClock();
        private final RandomSource random;
        private final List<SimulatedNode> nodes = new ArrayList<>();
        private final Set<String> clustersSeen = new HashSet<>();
        private boolean calm;

        World(long seed, Path directory) throws IOException {
            random = RandomSource.seeded(seed);
            for (int id = 0; id < NODES; id++) {
                Path disk = directory.resolve(seed + "-" + id);
                Files.createDirectories(disk);
                nodes.add(new SimulatedNode(this, id, disk));
            }
        }

        SimulatedNode at(HostPort address) {
            return nodes.get(address.port() - 1);
        }

        boolean loses() {
            return !calm && random.nextInt(3) == 0;
        }

        void turn() {
            clock.advance(Duration.ofMillis(50));
            for (int round = 0; round < 3; round++) {
                nodes.forEach(SimulatedNode::runDue);
            }
        }
    }

    private static HostPort address(int id) {
        return new HostPort("node", id + 1);
    }

    /** One node over its process' lives. */
    private static final class SimulatedNode implements VoterDirectory {
        private final World world;
        private final int id;
        private final IdentityFile file;
        private @Nullable ManualEventLoop loop;
        private @Nullable Birth birth;
        private @Nullable CompletableFuture<DirectoryIdentity> settled;

        SimulatedNode(World world, int id, Path disk) {
            this.world = world;
            this.id = id;
            this.file = new IdentityFile(disk);
        }

        void start() {
            loop = new ManualEventLoop(world.clock);
            List<Peer> peers = new ArrayList<>();
            for (int peer = 0; peer < NODES; peer++) {
                peers.add(new Peer(peer, address(peer)));
            }
            birth =
                    new Birth(
                            new Birth.Config(id, new HostPort("raft", id + 1), peers),
                            file,
                            file.readOrCreate(id, world.random),
                            this,
                            loop,
                            world.random);
            settled = birth.start();
        }

        void kill() {
            loop = null;
            birth = null;
            settled = null;
        }

        void runDue() {
            if (loop != null) {
                loop.runDue();
            }
            if (settled != null && settled.isDone()) {
                world.clustersSeen.add(settled.join().clusterId());
            }
        }

        @Override
        public CompletableFuture<Self> identify(HostPort address) {
            SimulatedNode other = world.at(address);
            if (other.birth == null || world.loses()) {
                return CompletableFuture.failedFuture(new IOException("no answer"));
            }
            return CompletableFuture.completedFuture(other.birth.self());
        }

        @Override
        public void announce(
                HostPort address, String clusterId, List<Voter> voters, int founderId) {
            SimulatedNode other = world.at(address);
            if (other.birth != null && !world.loses()) {
                CompletableFuture<Optional<String>> unused =
                        other.birth.onFounded(clusterId, voters, founderId);
            }
        }
    }

    @Test
    void votersEndInOneCluster() throws IOException {
        long only = Long.getLong("kq.seed", -1);
        for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? SEEDS : only + 1); seed++) {
            run(seed);
        }
    }

    private void run(long seed) throws IOException {
        World world = new World(seed, directory);
        for (int step = 0; step < STEPS; step++) {
            SimulatedNode node = world.nodes.get(world.random.nextInt(NODES));
            if (node.birth == null) {
                node.start();
            } else if (world.random.nextInt(4) == 0) {
                node.kill();
            }
            world.turn();
        }
        world.calm = true;
        for (SimulatedNode node : world.nodes) {
            if (node.birth == null) {
                node.start();
            }
        }
        for (int step = 0; step < 20; step++) {
            world.turn();
        }
        assertThat(world.nodes)
                .as("-Dkq.seed=" + seed)
                .allSatisfy(
                        node ->
                                assertThat(node.settled)
                                        .isNotNull()
                                        .isCompletedWithValueMatching(
                                                DirectoryIdentity::hasCluster));
        assertThat(world.clustersSeen).as("-Dkq.seed=" + seed).hasSize(1);
    }
}
