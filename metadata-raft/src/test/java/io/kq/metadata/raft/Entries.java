package io.kq.metadata.raft;

import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Log entries as Ratis hands them to apply. */
final class Entries {

    private Entries() {}

    static TransactionContext of(StateMachine machine, long index, String content) {
        return TransactionContext.newBuilder()
                .setServerRole(RaftPeerRole.FOLLOWER)
                .setStateMachine(machine)
                .setLogEntry(
                        LogEntryProto.newBuilder()
                                .setTerm(1)
                                .setIndex(index)
                                .setStateMachineLogEntry(
                                        StateMachineLogEntryProto.newBuilder()
                                                .setLogData(ByteString.copyFromUtf8(content)))
                                .build())
                .build();
    }
}
