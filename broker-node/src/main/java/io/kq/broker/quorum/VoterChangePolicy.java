package io.kq.broker.quorum;

import io.kq.broker.config.HostPort;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a voter may come, go or be replaced, given the quorum as its leader sees it. Pure.
 *
 * <p>Never is a majority made of voters that are down: neither the old quorum nor the new one may
 * need a vote that is not there now.
 *
 * @param selfId the leader's
 * @param selfAddress of its Raft port; empty: the port is another one after each start
 * @param agreed the voters that Raft has agreed on
 * @param upIds those that the leader hears, itself too
 * @param image for the brokers' sessions
 */
record VoterChangePolicy(
        int selfId,
        Optional<HostPort> selfAddress,
        List<Voter> agreed,
        Set<Integer> upIds,
        MetadataImage image) {

    /** What an operator can ask for. */
    enum Kind {
        ADD,
        REMOVE,
        REPLACE
    }

    /** What to do. */
    sealed interface Step {
        /** Nothing: it is as it should be. */
        record Nothing(String found) implements Step {}

        /** Have the node begin a Raft log, then put it in, in the place of {@code old}. */
        record Prepare(Optional<Voter> old) implements Step {}

        /** Leave these. */
        record Keep(List<Voter> voters) implements Step {}

        /** Have another voter lead first, and be asked: a leader does not remove itself. */
        record HandOver() implements Step {}
    }

    VoterChangePolicy {
        agreed = List.copyOf(agreed);
        upIds = Set.copyOf(upIds);
    }

    /**
     * Decides.
     *
     * @throws RejectedException BROKER_NOT_FOUND, VOTER_NOT_ELIGIBLE, QUORUM_TOO_SMALL
     */
    Step decide(Kind kind, int nodeId) {
        return switch (kind) {
            case ADD -> add(nodeId);
            case REMOVE -> remove(nodeId);
            case REPLACE -> replace(nodeId);
        };
    }

    private Step add(int nodeId) {
        if (voter(nodeId).isPresent()) {
            if (upIds.contains(nodeId)) {
                return new Step.Nothing("node " + nodeId + " is a voter already");
            }
            throw notEligible(
                    "node "
                            + nodeId
                            + " is a voter already, and does not vote; if its disk was lost it has"
                            + " to be replaced");
        }
        requireUp(nodeId);
        requireMajority(upIds.size(), agreed.size());
        requireMajority(upIds.size() + 1, agreed.size() + 1);
        return new Step.Prepare(Optional.empty());
    }

    private Step remove(int nodeId) {
        Optional<Voter> voter = voter(nodeId);
        if (voter.isEmpty()) {
            return new Step.Nothing("node " + nodeId + " is no voter");
        }
        if (agreed.size() == 1) {
            throw new RejectedException(
                    ErrorCode.QUORUM_TOO_SMALL,
                    "node " + nodeId + " is the last voter: without it there is no metadata");
        }
        requireMajority(upIds.size(), agreed.size());
        requireMajority(upWithout(nodeId), agreed.size() - 1);
        return nodeId == selfId
                ? new Step.HandOver()
                : new Step.Keep(agreed.stream().filter(v -> v.nodeId() != nodeId).toList());
    }

    /** Whether it has to be is seen from what the node answers: a voter that works says so. */
    private Step replace(int nodeId) {
        Voter old =
                voter(nodeId)
                        .orElseThrow(
                                () ->
                                        notEligible(
                                                "node "
                                                        + nodeId
                                                        + " is no voter: there is none to be"
                                                        + " replaced; to make it one, add it"));
        requireUp(nodeId);
        if (nodeId != selfId) {
            requireMajority(upWithout(nodeId), agreed.size());
        }
        return new Step.Prepare(Optional.of(old));
    }

    /**
     * The quorum with a voter that was prepared.
     *
     * @param old that it replaces
     * @throws RejectedException VOTER_NOT_ELIGIBLE: the others could not reach it, or it not them
     */
    List<Voter> with(Voter prepared, Optional<Voter> old) {
        List<Voter> next = new ArrayList<>(agreed.size() == 1 ? List.of(lone()) : agreed);
        old.ifPresent(next::remove);
        for (Voter other : next) {
            if (isLoopback(other) != isLoopback(prepared)) {
                throw notEligible(
                        "node "
                                + (isLoopback(prepared) ? prepared : other).nodeId()
                                + " has its metadata listener on an address that only its own"
                                + " machine can reach; the others have not");
            }
        }
        next.add(prepared);
        return next;
    }

    /** A lone voter was asked by nobody: what stands in its log may be where it was long ago. */
    private Voter lone() {
        HostPort address =
                selfAddress.orElseThrow(
                        () ->
                                notEligible(
                                        "node "
                                                + selfId
                                                + " has port 0 in metadata.listener: with several"
                                                + " voters each needs a fixed one"));
        return new Voter(selfId, agreed.get(0).directoryId(), address.host(), address.port());
    }

    private Optional<Voter> voter(int nodeId) {
        return agreed.stream().filter(v -> v.nodeId() == nodeId).findFirst();
    }

    private void requireUp(int nodeId) {
        if (image.broker(nodeId).isEmpty()) {
            throw new RejectedException(
                    ErrorCode.BROKER_NOT_FOUND, "node " + nodeId + " is not in the cluster");
        }
        if (!image.isUp(nodeId)) {
            throw notEligible("node " + nodeId + " is down");
        }
    }

    private int upWithout(int nodeId) {
        return upIds.contains(nodeId) ? upIds.size() - 1 : upIds.size();
    }

    private void requireMajority(int up, int of) {
        int majority = of / 2 + 1;
        if (up < majority) {
            String down =
                    agreed.stream()
                            .map(Voter::nodeId)
                            .filter(id -> !upIds.contains(id))
                            .map(Object::toString)
                            .collect(Collectors.joining(", "));
            throw new RejectedException(
                    ErrorCode.QUORUM_TOO_SMALL,
                    up
                            + " voters would be up where "
                            + majority
                            + " of "
                            + of
                            + " are needed"
                            + (down.isEmpty() ? "" : "; down: " + down));
        }
    }

    private static boolean isLoopback(Voter voter) {
        return new HostPort(voter.host(), voter.port()).isLoopback();
    }

    private static RejectedException notEligible(String why) {
        return new RejectedException(ErrorCode.VOTER_NOT_ELIGIBLE, why);
    }
}
