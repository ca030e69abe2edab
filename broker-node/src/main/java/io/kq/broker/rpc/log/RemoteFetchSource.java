package io.kq.broker.rpc.log;

import io.kq.broker.fetch.FetchTarget;
import io.kq.broker.stream.CreditedSource;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.FrameBody;
import io.kq.protocol.rpc.IncomingFrame;
import io.kq.v1.FetchData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One subscription to a partition that another node leads. Fed by the channel's event loop, emptied
 * by the session's drain; bounded by the window of its {@link FetchForward}.
 */
final class RemoteFetchSource implements CreditedSource {

    /**
     * Data that another node sent, held on the heap until the client takes it.
     *
     * @param packed null for plain data, which is in the head
     * @param sizeBytes what it takes off a credit
     */
    record Piece(FetchData head, @Nullable ByteBuffer packed, long sizeBytes) {

        static Piece of(IncomingFrame.Part<FetchData> part) {
            int size = part.packedBytes();
            return size == 0
                    ? new Piece(part.head(), null, part.head().getPlain().getSerializedSize())
                    : new Piece(part.head(), part.packedCopy(), size);
        }
    }

    /** Bytes on the heap as the data of a fetch answer. */
    private record HeapBody(ByteBuffer bytes) implements FrameBody {

        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }

        @Override
        public void writeTo(OutputStream out, byte[] scratch) throws IOException {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }

        @Override
        public void close() {}
    }

    private final FetchForward forward;
    private final FetchStream stream;
    private final int id;
    private final FetchTarget target;
    private final Runnable wake;
    private final Queue<Piece> pieces = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RejectedException failure;

    RemoteFetchSource(
            FetchForward forward, FetchStream stream, int id, FetchTarget target, Runnable wake) {
        this.forward = forward;
        this.stream = stream;
        this.id = id;
        this.target = target;
        this.wake = wake;
    }

    void add(Piece piece) {
        pieces.add(piece);
        wake.run();
    }

    void fail(RejectedException reason) {
        failure = reason;
        wake.run();
    }

    @Override
    public boolean hasNext() {
        return failure != null || !pieces.isEmpty();
    }

    @Override
    public boolean isMidBatch() {
        return false;
    }

    /** Pieces are passed on as they came: cut by the other node to what was asked for. */
    @Override
    public long sendNext(long creditBytes) {
        Piece piece = pieces.poll();
        if (piece == null) {
            RejectedException over = failure;
            if (over != null) {
                throw over;
            }
            return 0;
        }
        ByteBuffer packed = piece.packed();
        stream.send(
                piece.head().toBuilder().setSubscriptionId(target.id()),
                packed == null ? null : new HeapBody(packed));
        forward.consumed(piece.sizeBytes());
        return piece.sizeBytes();
    }

    @Override
    public void close() {
        forward.unsubscribe(id);
        for (Piece p = pieces.poll(); p != null; p = pieces.poll()) {
            forward.consumed(p.sizeBytes());
        }
    }
}
