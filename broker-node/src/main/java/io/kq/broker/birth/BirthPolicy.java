package io.kq.broker.birth;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.birth.VoterDirectory.Self;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.config.StartRefusedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node with an empty disk does, given what the voters answered. Pure.
 *
 * <p>Why is it safe? A cluster is founded by one node only, the voter with the lowest id, and only
 * when every voter said that it has none; its marker with the cluster id and all directory ids is
 * durable before anyone hears of it. So there is at most one cluster id for one set of directories,
 * and a voter joins it only with the directory that the founder was told of: one that cannot have
 * voted. A voter that comes with another directory has lost its disk and with it its vote; under
 * its old name it could vote twice, which is why it joins without a vote.
 */
final class BirthPolicy {

    private final List<Peer> peers;

    BirthPolicy(List<Peer> peers) {
        this.peers = peers.stream().sorted(Comparator.comparingInt(Peer::nodeId)).toList();
    }

    /** What to do next. */
    sealed interface Decision {
        /** Ask again: these voters have not answered, or (none) the founder has not founded yet. */
        record Wait(NavigableSet<Integer> missing) implements Decision {}

        /** Become a member of a cluster that exists. */
        record Join(String clusterId, List<Voter> voters, long votersVersion) implements Decision {}

        /** Found a cluster with these voters. */
        record Found(List<Voter> voters) implements Decision {}

        /** A person has to do something. */
        record Refuse(StartRefusedException reason) implements Decision {}
    }

    /**
     * A voter's decision.
     *
     * @param self with directory id and Raft address
     * @param answers by the id under which the peer was asked
     */
    Decision decideVoter(Self self, Map<Integer, Self> answers) {
        Optional<Decision> nonsense = nonsense(answers);
        if (nonsense.isPresent()) {
            return nonsense.get();
        }
        Optional<Self> member = member(answers);
        if (member.isPresent()) {
            return join(member.get());
        }
        SortedMap<Integer, Self> all = new TreeMap<>(answers);
        all.put(self.nodeId(), self);
        NavigableSet<Integer> missing = new TreeSet<>();
        List<Voter> voters = new ArrayList<>();
        for (Peer peer : peers) {
            voter(peer.address(), all.get(peer.nodeId()))
                    .ifPresentOrElse(voters::add, () -> missing.add(peer.nodeId()));
        }
        if (!missing.isEmpty()) {
            return new Decision.Wait(missing);
        }
        long disks = voters.stream().map(Voter::directoryId).distinct().count();
        if (disks < voters.size()) {
            return refuse(
                    "DISK_COPIED",
                    "two voters have the same directory id: one disk is a copy of another",
                    "empty the data directory of all voters but one");
        }
        boolean founder = voters.get(0).nodeId() == self.nodeId();
        return founder ? new Decision.Found(voters) : new Decision.Wait(new TreeSet<>());
    }

    /** The decision of a node that is no voter: any voter's cluster is its own. */
    Decision decideBroker(Map<Integer, Self> answers) {
        Optional<Decision> nonsense = nonsense(answers);
        if (nonsense.isPresent()) {
            return nonsense.get();
        }
        Optional<Self> member = member(answers);
        if (member.isEmpty()) {
            NavigableSet<Integer> missing = new TreeSet<>();
            peers.stream()
                    .map(Peer::nodeId)
                    .filter(id -> !answers.containsKey(id))
                    .forEach(missing::add);
            return new Decision.Wait(missing);
        }
        return join(member.get());
    }

    /**
     * Whether the settings can be those of a member of this quorum. That they are behind does not
     * matter; that they name nobody in it can only be another cluster's settings.
     */
    Optional<StartRefusedException> conflict(List<Voter> voters) {
        NavigableSet<Integer> known = ids(voters);
        NavigableSet<Integer> configured = configured();
        if (configured.stream().anyMatch(known::contains)) {
            return Optional.empty();
        }
        return Optional.of(
                StartRefusedException.failed(
                        "PEERS_MISMATCH",
                        "metadata.peers names "
                                + configured
                                + ", but this disk is that of a voter beside "
                                + known,
                        "set metadata.peers to the voters of this cluster, or correct data.dirs"));
    }

    /** Whether the settings name just these. */
    boolean names(List<Voter> voters) {
        return ids(voters).equals(configured());
    }

    private NavigableSet<Integer> configured() {
        return peers.stream().map(Peer::nodeId).collect(Collectors.toCollection(TreeSet::new));
    }

    private static NavigableSet<Integer> ids(List<Voter> voters) {
        return voters.stream().map(Voter::nodeId).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * A member of the cluster as its voters say, whatever the settings say. If they name this very
     * directory it was founded with it, and cannot have voted: it is a voter. Otherwise it has no
     * vote. One that is named with another directory lost its disk, and must not come back under
     * its old name; somebody has to have the voter replaced.
     */
    private static Decision join(Self member) {
        return new Decision.Join(member.clusterId(), member.voters(), member.votersVersion());
    }

    /** Whoever heard last of the voters. */
    private Optional<Self> member(Map<Integer, Self> answers) {
        return new TreeMap<>(answers)
                .values().stream()
                        .filter(a -> !a.clusterId().isEmpty() && !a.voters().isEmpty())
                        .max(Comparator.comparingLong(Self::votersVersion));
    }

    private static Optional<Decision> nonsense(Map<Integer, Self> answers) {
        NavigableSet<String> clusters = new TreeSet<>();
        for (Map.Entry<Integer, Self> answer : new TreeMap<>(answers).entrySet()) {
            if (answer.getValue().nodeId() != answer.getKey()) {
                return Optional.of(
                        refuse(
                                "PEERS_MISMATCH",
                                "metadata.peers has node "
                                        + answer.getKey()
                                        + " where node "
                                        + answer.getValue().nodeId()
                                        + " answers",
                                "correct the addresses in metadata.peers"));
            }
            if (!answer.getValue().clusterId().isEmpty()) {
                clusters.add(answer.getValue().clusterId());
            }
        }
        if (clusters.size() > 1) {
            return Optional.of(
                    refuse(
                            "CLUSTER_MISMATCH",
                            "the voters belong to different clusters: "
                                    + String.join(", ", clusters),
                            "correct metadata.peers, or empty the disks that came from elsewhere"));
        }
        return Optional.empty();
    }

    private static Optional<Voter> voter(HostPort nodeAddress, @Nullable Self said) {
        if (said == null || said.directoryId().isEmpty() || said.raftAddress().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Voter(
                        said.nodeId(),
                        said.directoryId().get(),
                        said.raftAddress().get(),
                        nodeAddress));
    }

    private static Decision refuse(String reason, String what, String next) {
        return new Decision.Refuse(StartRefusedException.failed(reason, what, next));
    }
}
