package io.kq.broker.birth;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.birth.VoterDirectory.Self;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.EventLoop;
import io.kq.runtime.RandomSource;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which cluster this node is of: what its disk says, else what the voters say, else it
 * founds one. A node with a cluster on its disk, and a lone voter, ask nobody.
 *
 * <p>All decisions run on the event loop; {@link #self} is for any thread, from the first moment
 * on. Markers are durable before anybody hears of them.
 */
public final class Birth {

    private static final Logger log = LoggerFactory.getLogger(Birth.class);
    private static final Duration ASK_INTERVAL = Duration.ofMillis(200);

    private final Config config;
    private final IdentityFile file;
    private final VoterDirectory voters;
    private final EventLoop loop;
    private final RandomSource random;
    private final BirthPolicy policy;
    private final CompletableFuture<DirectoryIdentity> settled = new CompletableFuture<>();

    /** Newest answers by peer id. Only on the loop. */
    private final Map<Integer, Self> answers = new TreeMap<>();

    /** Whom the last log line named as missing. Only on the loop. */
    private NavigableSet<Integer> reported = new TreeSet<>();

    /** What is on the disk. Written on the loop, after the file. */
    private volatile DirectoryIdentity identity;

    /** Who answers {@link #self}. */
    private volatile Supplier<DirectoryIdentity> present = () -> this.identity;

    /**
     * Who this node is by its settings.
     *
     * @param raftAddress where other voters reach its Raft port
     * @param peers the voters by their node ports
     */
    public record Config(int nodeId, HostPort raftAddress, List<Peer> peers) {
        public Config {
            peers = List.copyOf(peers);
        }

        boolean isVoter() {
            return peers.stream().anyMatch(p -> p.nodeId() == nodeId);
        }
    }

    /**
     * A node that is about to be born or to come back.
     *
     * @param identity as read from {@code file}
     */
    public Birth(
            Config config,
            IdentityFile file,
            DirectoryIdentity identity,
            VoterDirectory voters,
            EventLoop loop,
            RandomSource random) {
        this.config = config;
        this.file = file;
        this.identity = identity;
        this.voters = voters;
        this.loop = loop;
        this.random = random;
        this.policy = new BirthPolicy(config.peers());
    }

    /**
     * Starts. The future completes when the node has a cluster and its marker is durable; it fails
     * with {@link StartRefusedException} if a person has to do something.
     */
    public CompletableFuture<DirectoryIdentity> start() {
        loop.submit(
                () -> {
                    if (identity.hasCluster()) {
                        comeBack();
                    } else {
                        ask();
                    }
                });
        return settled;
    }

    /** What this node answers to who asks. Any thread. */
    public Self self() {
        DirectoryIdentity now = present.get();
        return new Self(
                now.nodeId(),
                Optional.of(now.directoryId()),
                now.clusterId(),
                now.voters(),
                now.votersVersion(),
                config.isVoter() ? Optional.of(config.raftAddress()) : Optional.empty());
    }

    /** Who this node is from now on, since that changes also after its birth. */
    public void answerFrom(NodeIdentity lasting) {
        present = lasting::now;
    }

    /**
     * The founder says that there is a cluster. Any thread; the answer is empty if this node took
     * the word, else why not.
     */
    public CompletableFuture<Optional<String>> onFounded(
            String clusterId, List<Voter> itsVoters, int founderId) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        loop.submit(() -> answer.complete(founded(clusterId, itsVoters, founderId)));
        return answer;
    }

    private void comeBack() {
        if (identity.isVoter()) {
            Optional<StartRefusedException> conflict =
                    policy.conflict(identity.voters()).or(this::movedRaftAddress);
            if (conflict.isPresent()) {
                refuse(conflict.get());
                return;
            }
        }
        tellOfVote();
        settled.complete(identity);
    }

    /** What the settings say of voters does not count any more: says so where they are behind. */
    private void tellOfVote() {
        if (identity.lostItsVote()) {
            log.warn(
                    "THIS NODE'S DISK IS NEW AND ITS VOTE IS LOST: it is a voter of the metadata"
                            + " quorum with another disk, and runs as a broker without a vote until"
                            + " somebody runs: kq cluster replace-voter {}",
                    config.nodeId());
        } else if (config.isVoter() && !identity.isVoter()) {
            log.warn(
                    "metadata.peers names this node, which is no voter and runs as a broker only;"
                            + " to make it one: kq cluster add-voter {}",
                    config.nodeId());
        } else if (identity.isVoter() && !policy.names(identity.voters())) {
            log.info(
                    "metadata.peers is behind: the voters are {} now",
                    identity.voters().stream().map(Voter::nodeId).toList());
        }
    }

    /**
     * The other voters know this one's Raft port from the cluster's birth, and cannot learn anew.
     */
    private Optional<StartRefusedException> movedRaftAddress() {
        boolean others = identity.voters().size() > 1;
        return identity.ownVoter()
                .map(Voter::raftAddress)
                .filter(founded -> others && !founded.equals(config.raftAddress()))
                .map(
                        founded ->
                                StartRefusedException.failed(
                                        "METADATA_LISTENER_MOVED",
                                        "the other voters know this one's metadata listener as "
                                                + founded
                                                + ", not as "
                                                + config.raftAddress(),
                                        "set metadata.listener back; or run kq cluster"
                                                + " remove-voter, move it, and run kq cluster"
                                                + " add-voter"));
    }

    private void ask() {
        if (settled.isDone()) {
            return;
        }
        for (Peer peer : config.peers()) {
            if (peer.nodeId() != config.nodeId()) {
                var unused =
                        voters.identify(peer.address())
                                .whenComplete(
                                        (said, failure) ->
                                                loop.submit(() -> onAnswer(peer.nodeId(), said)));
            }
        }
        decide();
        if (!settled.isDone()) {
            loop.schedule(ASK_INTERVAL, this::ask);
        }
    }

    /** {@code said} is null if the peer did not answer: what it said before does not count now. */
    private void onAnswer(int peerId, @Nullable Self said) {
        if (said == null) {
            answers.remove(peerId);
        } else {
            answers.put(peerId, said);
        }
        decide();
    }

    private void decide() {
        if (settled.isDone()) {
            return;
        }
        BirthPolicy.Decision decision =
                config.isVoter()
                        ? policy.decideVoter(self(), answers)
                        : policy.decideBroker(answers);
        if (decision instanceof BirthPolicy.Decision.Wait wait) {
            reportWaiting(wait.missing());
        } else if (decision instanceof BirthPolicy.Decision.Join join) {
            settle(
                    "Joined cluster",
                    identity.in(join.clusterId(), join.voters(), join.votersVersion()));
        } else if (decision instanceof BirthPolicy.Decision.Found found) {
            found(found.voters());
        } else if (decision instanceof BirthPolicy.Decision.Refuse refuse) {
            refuse(refuse.reason());
        }
    }

    private void found(List<Voter> itsVoters) {
        String clusterId = ClusterId.mint(random);
        settle("Founded cluster", identity.in(clusterId, itsVoters, 0));
        for (Voter voter : itsVoters) {
            if (voter.nodeId() != config.nodeId()) {
                voters.announce(voter.nodeAddress(), clusterId, itsVoters, config.nodeId());
            }
        }
    }

    private Optional<String> founded(String clusterId, List<Voter> itsVoters, int founderId) {
        if (identity.hasCluster()) {
            return identity.clusterId().equals(clusterId)
                    ? Optional.empty()
                    : Optional.of("this node is of cluster " + identity.clusterId());
        }
        Self founder =
                new Self(founderId, Optional.empty(), clusterId, itsVoters, 0, Optional.empty());
        if (!config.isVoter()) {
            return Optional.of("this node is no voter");
        }
        BirthPolicy.Decision decision = policy.decideVoter(self(), Map.of(founderId, founder));
        if (decision instanceof BirthPolicy.Decision.Join join) {
            DirectoryIdentity member =
                    identity.in(join.clusterId(), join.voters(), join.votersVersion());
            if (member.isVoter()) {
                settle("Joined cluster", member);
                return Optional.empty();
            }
        }
        return Optional.of("this node's settings or disk do not fit");
    }

    private void settle(String what, DirectoryIdentity next) {
        try {
            file.write(next);
        } catch (UncheckedIOException notDurable) {
            settled.completeExceptionally(notDurable);
            return;
        }
        identity = next;
        log.info(
                "{} cluster={} directory={} voters={}",
                what,
                next.clusterId(),
                next.directoryId(),
                next.voters().stream().map(Voter::nodeId).toList());
        tellOfVote();
        settled.complete(next);
    }

    private void refuse(StartRefusedException reason) {
        settled.completeExceptionally(reason);
    }

    private void reportWaiting(NavigableSet<Integer> missing) {
        if (!missing.equals(reported)) {
            reported = missing;
            if (!missing.isEmpty()) {
                log.info("Waiting for voters to be born with missing={}", missing);
            }
        }
    }
}
