package io.kq.metadata.raft;

import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Raft group of this node's server: a log of entries, its leader and its voters. Any thread.
 * Terms and indexes of Ratis come out of it only as facts about entries and leaders.
 */
public final class RatisGroup {

    private static final Logger LOG = LoggerFactory.getLogger(RatisGroup.class);

    /** A voter that has answered within this time is up. */
    private static final Duration UP = Duration.ofSeconds(2);

    private static final Duration TRANSFER_MAX = Duration.ofSeconds(1);

    private final RaftServer server;
    private final RaftGroupId groupId;

    /**
     * Names this process' writes together with a growing number: a pair that is used twice would
     * get the first one's answer and write nothing.
     */
    private final ClientId clientId;

    private final AtomicLong nextCallId = new AtomicLong(1);

    RatisGroup(RaftServer server, RaftGroupId groupId, ClientId clientId) {
        this.server = server;
        this.groupId = groupId;
        this.clientId = clientId;
    }

    /**
     * Appends an entry.
     *
     * @param entry must not change any more
     * @return completes on a thread of Ratis once the entry was applied here; any failure means
     *     that the outcome is unknown
     */
    public CompletableFuture<AppliedEntry> append(byte[] entry) {
        if (entry.length > RaftSettings.ENTRY_MAX.getSize() / 2) {
            // Such an entry would make Ratis' leader step down.
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("an entry of " + entry.length + " bytes"));
        }
        RaftClientRequest request =
                RaftClientRequest.newBuilder()
                        .setClientId(clientId)
                        .setServerId(server.getId())
                        .setGroupId(groupId)
                        .setCallId(nextCallId.getAndIncrement())
                        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(entry)))
                        .setType(RaftClientRequest.writeRequestType())
                        .build();
        try {
            return server.submitClientRequestAsync(request).thenCompose(RatisGroup::entryOf);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A reply may be a refusal in the form of a success. */
    private static CompletableFuture<AppliedEntry> entryOf(RaftClientReply reply) {
        return reply.isSuccess()
                ? CompletableFuture.completedFuture(EntryReply.fromMessage(reply.getMessage()))
                : CompletableFuture.failedFuture(reply.getException());
    }

    /** The term in which this node leads and has applied its first entry. */
    public OptionalLong readyTerm() {
        try {
            DivisionInfo info = info();
            long term = info.getCurrentTerm();
            return info.getLifeCycleState().isRunning()
                            && info.isLeaderReady()
                            && info.getCurrentTerm() == term
                    ? OptionalLong.of(term)
                    : OptionalLong.empty();
        } catch (IOException closed) {
            return OptionalLong.empty();
        }
    }

    /** The server's state; {@link View#alive} false: the process must end. */
    public View view() {
        try {
            RaftServer.Division division = server.getDivision(groupId);
            DivisionInfo info = division.getInfo();
            RaftPeerId leader = info.getLeaderId();
            LifeCycle.State state = info.getLifeCycleState();
            return new View(
                    !state.isClosingOrClosed() && state != LifeCycle.State.EXCEPTION,
                    leader == null ? -1 : RaftNames.nodeId(leader),
                    info.getCurrentTerm(),
                    division.getRaftLog().getLastCommittedIndex(),
                    voters(division));
        } catch (IOException closed) {
            return new View(false, -1, 0, -1, List.of());
        }
    }

    private static List<VoterView> voters(RaftServer.Division division) {
        DivisionInfo info = division.getInfo();
        List<VoterView> voters = new ArrayList<>();
        for (RaftPeer peer : division.getRaftConf().getCurrentPeers()) {
            boolean self = peer.getId().equals(division.getId());
            long committed = -1;
            for (CommitInfoProto commit : division.getCommitInfos()) {
                if (commit.getServer().getId().equals(peer.getId().toByteString())) {
                    committed = commit.getCommitIndex();
                }
            }
            long ahead = division.getRaftLog().getLastCommittedIndex();
            voters.add(
                    new VoterView(
                            RaftNames.voter(peer),
                            self ? 0 : info.isLeader() ? Math.max(0, ahead - committed) : -1,
                            self || isUp(info, peer.getId())));
        }
        return voters;
    }

    /** Only a leader hears all voters, a follower only its leader. */
    private static boolean isUp(DivisionInfo info, RaftPeerId peer) {
        if (!info.isLeader()) {
            return peer.equals(info.getLeaderId());
        }
        for (ServerRpcProto follower :
                info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList()) {
            if (follower.getId().getId().equals(peer.toByteString())) {
                return follower.getLastRpcElapsedTimeMs() < UP.toMillis();
            }
        }
        return false;
    }

    /**
     * The voters that the log has agreed on, by node id.
     *
     * @return empty while they are being changed, and on a node that was told of none yet
     */
    public Optional<List<Voter>> voters() {
        try {
            RaftServer.Division division = server.getDivision(groupId);
            RaftConfiguration known = division.getRaftConf();
            boolean committed =
                    known.getLogEntryIndex() <= division.getRaftLog().getLastCommittedIndex();
            boolean changing = !known.getPreviousPeers().isEmpty();
            return changing || !committed || known.getCurrentPeers().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new VoterSet(
                                            0,
                                            known.getCurrentPeers().stream()
                                                    .map(RaftNames::voter)
                                                    .toList())
                                    .voters());
        } catch (IOException closed) {
            return Optional.empty();
        }
    }

    /**
     * Has the quorum made of other voters: a compare-and-set by their names, with joint consensus.
     * Only on the leader.
     *
     * @return completes on a thread of Ratis once it is committed; any failure means that the
     *     outcome is unknown, except for {@link ChangeRefusedException}
     */
    public CompletableFuture<Void> changeVoters(List<Voter> expected, List<Voter> next) {
        SetConfigurationRequest request =
                new SetConfigurationRequest(
                        clientId,
                        server.getId(),
                        groupId,
                        nextCallId.getAndIncrement(),
                        SetConfigurationRequest.Arguments.newBuilder()
                                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                                .setServersInCurrentConf(peers(expected))
                                .setServersInNewConf(peers(next))
                                .build());
        try {
            return server.setConfigurationAsync(request)
                    .thenCompose(RatisGroup::changed)
                    .exceptionallyCompose(
                            failure -> CompletableFuture.failedFuture(refusal(innermost(failure))));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(refusal(e));
        }
    }

    /** A failure may also come in the form of a reply. */
    private static CompletableFuture<Void> changed(RaftClientReply reply) {
        return reply.isSuccess()
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(reply.getException());
    }

    private static List<RaftPeer> peers(List<Voter> voters) {
        return voters.stream().map(RaftNames::peer).toList();
    }

    /** Both kinds are thrown before anything is written to the log. */
    private static Throwable refusal(Throwable failure) {
        boolean nothingWritten =
                failure instanceof SetConfigurationException
                        || failure instanceof ReconfigurationInProgressException
                        || failure instanceof ReconfigurationTimeoutException;
        return nothingWritten
                ? new ChangeRefusedException(String.valueOf(failure.getMessage()), failure)
                : failure;
    }

    /** The voters were not changed. */
    public static final class ChangeRefusedException extends Exception {
        private static final long serialVersionUID = 1;

        ChangeRefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Gives leadership to another voter that is up, if this one has it. Blocking, at most 2 s. */
    public void giveLeadershipAway() {
        try {
            if (!info().isLeader()) {
                return;
            }
            RaftServer.Division division = server.getDivision(groupId);
            for (RaftPeer peer : division.getRaftConf().getCurrentPeers()) {
                if (!peer.getId().equals(server.getId()) && isUp(info(), peer.getId())) {
                    transferTo(peer.getId());
                    return;
                }
            }
        } catch (IOException e) {
            LOG.info("Could not give leadership away cause={}", e.toString());
        }
    }

    private void transferTo(RaftPeerId successor) throws IOException {
        TransferLeadershipRequest request =
                new TransferLeadershipRequest(
                        clientId,
                        server.getId(),
                        groupId,
                        nextCallId.getAndIncrement(),
                        successor,
                        TRANSFER_MAX.toMillis());
        try {
            RaftClientReply reply =
                    server.transferLeadershipAsync(request)
                            .get(2 * TRANSFER_MAX.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("Gave leadership away to={} success={}", successor, reply.isSuccess());
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Could not give leadership to {} cause={}", successor, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DivisionInfo info() throws IOException {
        return server.getDivision(groupId).getInfo();
    }

    /**
     * The server as this node sees it.
     *
     * @param leaderId -1: none known
     */
    public record View(
            boolean alive, int leaderId, long term, long committedIndex, List<VoterView> voters) {
        public View {
            voters = List.copyOf(voters);
        }
    }

    /**
     * One voter.
     *
     * @param lag entries that it has not committed yet, -1: not known here
     */
    public record VoterView(Voter voter, long lag, boolean up) {}

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
