package io.kq.broker.quorum;

import io.kq.broker.birth.DirectoryIdentity;
import io.kq.broker.birth.NodeIdentity;
import io.kq.broker.birth.VoterDirectory.Self;
import io.kq.broker.config.HostPort;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataRelay;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's place in the metadata quorum. A node is one of three:
 *
 * <ul>
 *   <li>a voter: it has its metadata from its own Raft log;
 *   <li>a broker only: it follows a voter's feed, and has no Raft log;
 *   <li>joining: it has a Raft log that the quorum may take in, and follows until that log is as
 *       new as what it knows.
 * </ul>
 *
 * What it is, is written in {@code meta.properties} before it acts on it. It gives its Raft log up,
 * and with it the memory of its votes, only when the quorum has committed that it is no voter; it
 * never votes under that name again.
 *
 * <p>{@link #quorum} is for any thread; all else runs on the loop, which may block.
 */
public final class QuorumMember {

    private static final Logger log = LoggerFactory.getLogger(QuorumMember.class);

    private static final Duration CHECK = Duration.ofMillis(200);

    /** A voter that knows no leader for that long asks others whether it is a voter still. */
    private static final Duration ASKS_AFTER = Duration.ofSeconds(3);

    /** Less than what a voter that Ratis closed has before its process ends. */
    private static final Duration SHARDS_FOLLOW_MAX = Duration.ofSeconds(10);

    private static final Duration ASKS_EVERY = Duration.ofSeconds(1);

    private final NodeIdentity identity;
    private final MetadataRelay metadata;
    private final VoterStarter starter;
    private final Neighbours neighbours;
    private final Optional<HostPort> raftAddress;
    private final Path raftDirectory;
    private final EventLoop loop;
    private final Clock clock;
    private final RandomSource random;

    /** While this node is a voter. Written by the loop. */
    private volatile @Nullable MetadataQuorum voter;

    /** While it joins. */
    private @Nullable MetadataQuorum joining;

    private @Nullable Runnable detach;
    private Supplier<Following> followings =
            () -> {
                throw new IllegalStateException("not following yet");
            };
    private @Nullable Following following;
    private long leaderSeenNanos;
    private long askedNanos;

    /** No voter any more, and needed yet; null: not so. */
    private @Nullable Long leavesSinceNanos;

    private boolean stopped;

    /** Starts this node's Raft server. Blocking. */
    @FunctionalInterface
    public interface VoterStarter {
        /**
         * @param identity says under which name, and beside whom
         */
        MetadataQuorum start(DirectoryIdentity identity) throws IOException;
    }

    /** A feed that is followed. */
    public interface Following extends AutoCloseable {
        /** Completes when a first image is there. */
        CompletableFuture<Void> caughtUp();

        @Override
        void close();
    }

    /**
     * Where this node's vote is.
     *
     * @param raftAddress where other voters reach its Raft port; empty: it is another one after
     *     each start, so nobody else can vote beside it
     */
    public record Place(
            NodeIdentity identity, Path raftDirectory, Optional<HostPort> raftAddress) {}

    /**
     * A node with a cluster.
     *
     * @param loop of its own: it blocks while a Raft server starts or stops
     */
    public QuorumMember(
            Place place,
            MetadataRelay metadata,
            VoterStarter starter,
            Neighbours neighbours,
            EventLoop loop,
            Clock clock,
            RandomSource random) {
        this.identity = place.identity();
        this.raftAddress = place.raftAddress();
        this.raftDirectory = place.raftDirectory();
        this.metadata = metadata;
        this.starter = starter;
        this.neighbours = neighbours;
        this.loop = loop;
        this.clock = clock;
        this.random = random;
    }

    /** This node's voter; empty while it is none. */
    public Optional<MetadataQuorum> quorum() {
        return Optional.ofNullable(voter);
    }

    /** Starts the voter, if this node is one. Blocking; before {@link #run}. */
    public void begin() throws IOException {
        DirectoryIdentity now = identity.now();
        if (now.isVoter()) {
            MetadataQuorum started = starter.start(now);
            identity.change(DirectoryIdentity::withRaftStarted);
            countsAsVoter(started);
        } else if (!now.isJoining()) {
            // A crash came between the word that it is no voter and the end of its log.
            forgetRaft();
        }
    }

    /**
     * Goes on, from now on with others.
     *
     * @param followings begins to follow a feed
     * @return completes when there is a first image
     */
    public CompletableFuture<Void> run(Supplier<Following> followings) {
        CompletableFuture<Void> caughtUp = new CompletableFuture<>();
        loop.submit(
                () -> {
                    this.followings = followings;
                    leaderSeenNanos = clock.nanoTime();
                    if (voter == null) {
                        var unused = follow().thenRun(() -> caughtUp.complete(null));
                        resumeJoining();
                    } else {
                        caughtUp.complete(null);
                    }
                    check();
                });
        return caughtUp;
    }

    /** Stops; a leader gives leadership away first. Blocking. */
    public void stop() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        loop.submit(
                () -> {
                    stopped = true;
                    unfollow();
                    MetadataQuorum own = voter;
                    if (own != null) {
                        own.close();
                    }
                    if (joining != null) {
                        joining.close();
                    }
                    ended.complete(null);
                });
        ended.join();
    }

    /**
     * The controller wants this node to be a voter.
     *
     * @param term of the controller
     * @return the voter that it is, or can be: its Raft log is there and knows nobody. Fails with
     *     {@link RejectedException}: NOT_CONTROLLER (of an older term), CLUSTER_MISMATCH,
     *     VOTER_NOT_ELIGIBLE
     */
    public CompletableFuture<Voter> prepare(String clusterId, long term) {
        CompletableFuture<Voter> result = new CompletableFuture<>();
        loop.submit(
                () -> {
                    try {
                        requireController(clusterId, term);
                        if (voter == null && joining == null) {
                            beginJoining();
                        }
                        result.complete(ownVoter());
                    } catch (RejectedException refusal) {
                        result.completeExceptionally(refusal);
                    }
                });
        return result;
    }

    /**
     * The controller says that this node is no voter, as the quorum has committed.
     *
     * @return whether it gave a Raft log up; fails like {@link #prepare}
     */
    public CompletableFuture<Boolean> leave(
            String clusterId, long term, List<DirectoryIdentity.Voter> voters, long version) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        loop.submit(
                () -> {
                    try {
                        requireController(clusterId, term);
                        boolean hasRaft = voter != null || joining != null;
                        if (hasRaft && version >= identity.now().votersVersion()) {
                            DirectoryIdentity told =
                                    identity.change(i -> i.withVoters(voters, version));
                            if (!told.isVoter()) {
                                leaveQuorum();
                            }
                        }
                        result.complete(hasRaft && voter == null && joining == null);
                    } catch (RejectedException refusal) {
                        result.completeExceptionally(refusal);
                    } catch (UncheckedIOException notDurable) {
                        result.completeExceptionally(unusable(notDurable));
                    }
                });
        return result;
    }

    private void requireController(String clusterId, long term) {
        if (!clusterId.equals(identity.now().clusterId())) {
            throw new RejectedException(
                    ErrorCode.CLUSTER_MISMATCH,
                    "this node is of cluster " + identity.now().clusterId());
        }
        long known = Math.max(metadata.controller().term(), ownTerm());
        if (term < known) {
            throw new RejectedException(
                    ErrorCode.NOT_CONTROLLER,
                    "there is a controller of term " + known,
                    false,
                    Map.of());
        }
        if (stopped) {
            throw new RejectedException(ErrorCode.NOT_READY, "the node is stopping");
        }
    }

    private long ownTerm() {
        MetadataQuorum raft = voter != null ? voter : joining;
        return raft == null ? 0 : raft.status().term();
    }

    private Voter ownVoter() {
        DirectoryIdentity now = identity.now();
        HostPort address =
                now.ownVoter()
                        .map(DirectoryIdentity.Voter::raftAddress)
                        .or(() -> raftAddress)
                        .orElseThrow();
        return new Voter(now.nodeId(), now.raftName(), address.host(), address.port());
    }

    private void countsAsVoter(MetadataQuorum started) {
        voter = started;
        detach = metadata.attach(started);
        leaderSeenNanos = clock.nanoTime();
    }

    private CompletableFuture<Void> follow() {
        Following begun = followings.get();
        following = begun;
        return begun.caughtUp();
    }

    private void unfollow() {
        Following old = following;
        following = null;
        if (old != null) {
            old.close();
        }
    }

    private void beginJoining() {
        if (raftAddress.isEmpty()) {
            throw new RejectedException(
                    ErrorCode.VOTER_NOT_ELIGIBLE,
                    "node "
                            + identity.now().nodeId()
                            + " has port 0 in metadata.listener: a voter needs a fixed one");
        }
        UUID name = random.nextUuid();
        try {
            forgetRaft();
            startJoining(identity.change(i -> i.joiningAs(name)));
        } catch (IOException | UncheckedIOException e) {
            throw unusable(e);
        }
        log.info("Began a metadata log, to be made a voter name={}", name);
    }

    private void startJoining(DirectoryIdentity as) throws IOException {
        joining = starter.start(as);
        identity.change(DirectoryIdentity::withRaftStarted);
    }

    /** A process that ended while it joined goes on joining. */
    private void resumeJoining() {
        if (identity.now().isJoining()) {
            try {
                startJoining(identity.now());
            } catch (IOException | UncheckedIOException e) {
                log.warn("Cannot go on joining the metadata quorum cause={}", e.toString());
            }
        }
    }

    private RejectedException unusable(Exception cause) {
        log.warn("Cannot change this node's vote", cause);
        return new RejectedException(
                ErrorCode.VOTER_NOT_ELIGIBLE,
                "node "
                        + identity.now().nodeId()
                        + " cannot begin or end a metadata log: "
                        + cause.getMessage());
    }

    private void check() {
        if (stopped) {
            return;
        }
        try {
            hear(metadata.image());
            if (joining != null) {
                lookAtJoining(joining);
            }
            if (leavesSinceNanos != null) {
                leaveQuorum();
            }
            MetadataQuorum own = voter;
            if (own != null && leavesSinceNanos == null) {
                askIfForgotten(own);
            }
        } catch (UncheckedIOException notDurable) {
            log.warn(
                    "Cannot write down who votes, trying again cause={}",
                    String.valueOf(notDurable.getCause()));
        }
        loop.schedule(CHECK, this::check);
    }

    /** What the metadata says of the voters is written down, so that it counts after a restart. */
    private void hear(MetadataImage image) {
        VoterSet voters = image.voters();
        // Wrong settings may have led it to another cluster, which will refuse it.
        boolean ours = image.cluster().id().equals(identity.now().clusterId());
        if (!ours || voters.version() <= identity.now().votersVersion()) {
            return;
        }
        boolean wasVoter = identity.now().isVoter();
        DirectoryIdentity told =
                identity.change(i -> i.withVoters(neighbours.named(voters), voters.version()));
        log.info(
                "Voters changed version={} voters={}",
                voters.version(),
                voters.voters().stream().map(Voter::nodeId).toList());
        if (wasVoter && !told.isVoter()) {
            leaveQuorum();
        }
    }

    private void lookAtJoining(MetadataQuorum raft) {
        if (!raft.isAlive() && !identity.now().isVoter()) {
            log.warn("The metadata quorum does not take this node in");
            leaveQuorum();
        } else if (identity.now().isVoter()
                && raft.image().voters().version() >= identity.now().votersVersion()) {
            joining = null;
            countsAsVoter(raft);
            unfollow();
            log.info("Became a voter of the metadata quorum");
        }
    }

    /** A removed voter hears nothing any more: not even that. */
    private void askIfForgotten(MetadataQuorum own) {
        long now = clock.nanoTime();
        boolean alive = own.isAlive();
        if (alive && own.controller().nodeId() >= 0) {
            leaderSeenNanos = now;
            return;
        }
        boolean forLong = now - leaderSeenNanos > ASKS_AFTER.toNanos();
        if ((!alive || forLong) && now - askedNanos > ASKS_EVERY.toNanos()) {
            askedNanos = now;
            neighbours.ask(said -> loop.submit(() -> onWord(said)));
        }
    }

    /** Whoever has heard of newer voters is right: they were committed. */
    private void onWord(Self said) {
        boolean newer =
                said.clusterId().equals(identity.now().clusterId())
                        && said.votersVersion() > identity.now().votersVersion();
        if (!newer || voter == null || stopped) {
            return;
        }
        try {
            DirectoryIdentity told =
                    identity.change(i -> i.withVoters(said.voters(), said.votersVersion()));
            if (!told.isVoter()) {
                leaveQuorum();
            }
        } catch (UncheckedIOException notDurable) {
            log.warn("Cannot write down who votes", notDurable);
        }
    }

    /** The word that this node is no voter is durable by now. */
    private void leaveQuorum() {
        MetadataQuorum old = voter != null ? voter : joining;
        if (old != null && waitsForShards(old)) {
            return;
        }
        voter = null;
        joining = null;
        if (detach != null) {
            detach.run();
            detach = null;
        }
        if (old != null) {
            old.abandon();
        }
        forgetRaft();
        if (following == null) {
            var unused = follow();
        }
        log.info("Is no voter of the metadata quorum any more, goes on as a broker only");
    }

    /**
     * The coordination shards follow the metadata's voters a moment later, and may need this one to
     * agree on it.
     */
    private boolean waitsForShards(MetadataQuorum old) {
        long now = clock.nanoTime();
        if (leavesSinceNanos == null) {
            leavesSinceNanos = now;
        }
        boolean waits =
                old.isNeededByShards() && now - leavesSinceNanos < SHARDS_FOLLOW_MAX.toNanos();
        if (waits) {
            old.giveShardsAway();
        } else {
            leavesSinceNanos = null;
        }
        return waits;
    }

    /**
     * First the word, then the log: what is left of it after a crash is taken away at the start.
     */
    private void forgetRaft() {
        identity.change(DirectoryIdentity::withoutRaft);
        RaftDirectory.delete(raftDirectory);
    }
}
