package io.kq.broker.rpc.log;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRoute;
import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.partition.Turn;
import io.kq.broker.partition.ack.Acks;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.v1.Records;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Takes the batches of one call to their leaders: checks what only the edge can check, appends what
 * this node leads, passes on the rest. On the call's event loop only.
 */
final class BatchIntake {

    private final LogRooms rooms;
    private final CallOrigin origin;
    private final Turn turn;
    private final Map<TopicPartition, ProduceLane> lanes = new HashMap<>();
    private final Map<Integer, ProduceForward> forwards = new HashMap<>();

    BatchIntake(LogRooms rooms, CallOrigin origin) {
        this.rooms = rooms;
        this.origin = origin;
        this.turn = new Turn(rooms.clock());
    }

    /** Samples the time. */
    void begin() {
        turn.begin();
    }

    /** Takes a batch; {@code pending} gets its outcome, perhaps before this returns. */
    void take(ProduceFrame.Entry entry, PendingBatch pending) {
        try {
            route(entry, pending);
        } catch (RejectedException reason) {
            standIfKnown(entry, pending);
            pending.fail(reason);
        }
    }

    /** A refusal keeps its place behind what went to that partition before. */
    private void standIfKnown(ProduceFrame.Entry entry, PendingBatch pending) {
        if (pending.lane() == null && entry.partition() >= 0) {
            ProduceLane lane = lanes.get(new TopicPartition(entry.topic(), entry.partition()));
            if (lane != null) {
                pending.stand(lane);
            }
        }
    }

    private void route(ProduceFrame.Entry entry, PendingBatch pending) {
        check(entry);
        if (entry.partition() < 0) {
            throw invalid("partition is negative: " + entry.partition());
        }
        TopicPartition partition = new TopicPartition(entry.topic(), entry.partition());
        ProduceLane lane = lanes.get(partition);
        if (lane != null && lane.leads(entry.topicId())) {
            append(entry, pending, lane, lane.leader());
            return;
        }
        PartitionRoute route =
                rooms.registry().route(entry.topic(), entry.partition(), entry.topicId());
        if (lane == null) {
            lane = new ProduceLane();
            lanes.put(partition, lane);
        }
        if (route instanceof PartitionLeader leader) {
            lane.setLeader(leader);
            append(entry, pending, lane, leader);
        } else {
            forward(entry, pending, lane, (RemoteLeader) route);
        }
    }

    private void append(
            ProduceFrame.Entry entry,
            PendingBatch pending,
            ProduceLane lane,
            PartitionLeader leader) {
        Acks acks = acks(entry);
        pending.stand(lane);
        leader.append(
                batch(entry),
                acks,
                TimeUnit.MILLISECONDS.toNanos(entry.timeoutMillis()),
                acks == Acks.NONE ? null : pending,
                turn);
        if (acks == Acks.NONE) {
            pending.dismiss();
        }
    }

    private BatchBytes batch(ProduceFrame.Entry entry) {
        BatchBytes packed = entry.packed();
        return packed == null ? PlainRecords.pack(plain(entry), turn.nowMillis()) : packed;
    }

    private void forward(
            ProduceFrame.Entry entry, PendingBatch pending, ProduceLane lane, RemoteLeader remote) {
        if (!rooms.mayForward(origin)) {
            throw remote.notLeader();
        }
        pending.stand(lane);
        ProduceForward forward = forwards.get(remote.nodeId());
        if (forward == null || !forward.add(entry, pending)) {
            forward = ProduceForward.open(rooms, origin, remote);
            forwards.put(remote.nodeId(), forward);
            if (!forward.add(entry, pending)) {
                throw forward.neverSent();
            }
        }
    }

    private static void check(ProduceFrame.Entry entry) {
        if (entry.problem() != null) {
            throw entry.problem();
        }
        BatchBytes packed = entry.packed();
        boolean idempotent = packed == null && plain(entry).hasProducerId();
        if (packed != null) {
            RecordBatchHeader header = packed.header();
            if (header.isControl()) {
                throw invalid("control batches are written by nodes only");
            }
            if (header.isTransactional()) {
                throw new RejectedException(
                        ErrorCode.UNSUPPORTED, "transactions are not supported yet");
            }
            idempotent = header.isIdempotent();
        }
        if (idempotent && acks(entry) != Acks.ALL) {
            throw invalid("an idempotent producer needs acks=all");
        }
    }

    private static Records plain(ProduceFrame.Entry entry) {
        Records plain = entry.plain();
        if (plain == null) {
            throw invalid("a batch has plain or packed records");
        }
        return plain;
    }

    static Acks acks(ProduceFrame.Entry entry) {
        return switch (entry.acks()) {
            case ACKS_NONE -> Acks.NONE;
            case ACKS_LEADER -> Acks.LEADER;
            case ACKS_ALL, ACKS_UNSPECIFIED, UNRECOGNIZED -> Acks.ALL;
        };
    }

    private static RejectedException invalid(String what) {
        return new RejectedException(ErrorCode.INVALID_ARGUMENT, what);
    }

    /** Sends what was answered and passed on, and wakes readers. */
    void end() {
        for (ProduceForward forward : forwards.values()) {
            forward.flush();
        }
        turn.end();
    }

    /** No more batches come; what was passed on is still answered. */
    void complete() {
        forwards.values().forEach(ProduceForward::complete);
    }

    /** Nobody waits any more. */
    void cancel() {
        forwards.values().forEach(ProduceForward::cancel);
    }
}
