package io.kq.metadata.raft;

import io.kq.metadata.record.AppliedEntry;
import io.kq.runtime.FaultHandler;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis' view of a replicated state: applies entries on the updater's thread, in the order of the
 * log. All decisions are elsewhere; here are the places where Ratis would go on as half a server,
 * and the process must end instead.
 */
final class RatisStateMachine extends BaseStateMachine {

    private static final Logger LOG = LoggerFactory.getLogger(RatisStateMachine.class);

    /** How the server is being stopped, which is what makes a stop no fault. */
    enum Stopping {
        NOT,
        /** With a last snapshot. */
        CLEANLY,
        /** As if the process died: nothing is written. */
        ABRUPTLY
    }

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final ClientId ownClient;
    private final GroupEvents events;
    private final FaultHandler faults;
    private final SnapshotWriter snapshots;
    private final RaftState state;

    /** Of the last configuration entry: the first entry of a leader's term is one. */
    private long configurationTerm;

    private volatile Stopping stopping = Stopping.NOT;

    RatisStateMachine(
            ClientId ownClient, RaftState state, GroupEvents events, FaultHandler faults) {
        this.ownClient = ownClient;
        this.state = state;
        this.events = events;
        this.faults = faults;
        this.snapshots = new SnapshotWriter(storage, state.name(), faults);
    }

    void stopping(Stopping how) {
        stopping = how;
    }

    @Override
    public SimpleStateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage)
            throws IOException {
        super.initialize(server, groupId, raftStorage);
        storage.init(raftStorage);
        getLifeCycle().startAndTransition(this::load, IOException.class);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    /** The leader sent a snapshot. The cached one is older: it must be looked for. */
    @Override
    public void reinitialize() throws IOException {
        storage.loadLatestSnapshot();
        load();
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    private void load() throws IOException {
        SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
        if (latest == null) {
            return;
        }
        state.load(latest.getFile().getPath());
        setLastAppliedTermIndex(latest.getTermIndex());
        snapshots.startsFrom(latest.getIndex());
        LOG.info("Loaded snapshot of={} index={}", state.name(), latest.getIndex());
    }

    /** Only this process' own controller writes, whoever else finds the port. */
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext transaction = super.startTransaction(request);
        if (!request.getClientId().equals(ownClient)) {
            transaction.setException(new IOException("only the controller writes"));
        }
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        try {
            boolean ignored =
                    state.apply(
                            entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer(),
                            entry.getIndex(),
                            entry.getTerm());
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(
                    EntryReply.toMessage(
                            new AppliedEntry(entry.getIndex(), entry.getTerm(), ignored)));
        } catch (RuntimeException | Error e) {
            // Would close the division on each replica and leave the processes up, half dead.
            faults.onFault(state.name() + " entry " + entry.getIndex(), e);
            throw e;
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex applied = getLastAppliedTermIndex();
        if (state.appliedIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        return switch (stopping) {
            case NOT -> snapshots.writeLater(state.capture(), applied);
            case CLEANLY -> {
                snapshots.close();
                yield snapshots.writeNow(state.capture(), applied);
            }
            case ABRUPTLY -> RaftLog.INVALID_LOG_INDEX;
        };
    }

    @Override
    public void notifyConfigurationChanged(
            long term, long index, RaftConfigurationProto configuration) {
        configurationTerm = term;
    }

    @Override
    public void notifyLeaderReady() {
        events.onLeaderReady(configurationTerm);
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.onNotLeader();
    }

    /** Under Ratis' own lock: hand over, nothing else. */
    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, @Nullable RaftPeerId leader) {
        events.onLeaderChanged();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        fatal(state.name() + " log", cause);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        closedByRatis();
    }

    @Override
    public void close() {
        snapshots.close();
        closedByRatis();
    }

    private void closedByRatis() {
        if (stopping == Stopping.NOT) {
            events.onClosed();
        }
    }

    private void fatal(String where, Throwable cause) {
        if (stopping == Stopping.NOT) {
            faults.onFault(where, cause);
        }
    }
}
