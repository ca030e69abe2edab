package io.kq.broker.fetch;

import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.partition.Watermarks;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import java.util.List;

/**
 * Where a fetch session puts what it has: the protocol's edge. Called by the session's drain only,
 * one call at a time, on changing threads.
 */
public interface FetchSink {

    /**
     * Whether the transport takes more without piling it up; if not, it drains the session later.
     */
    boolean isReady();

    /** Sends whole batches. Takes the slice over and closes it exactly once, also on failure. */
    void packed(FetchTarget target, LogSlice slice, Watermarks marks);

    /**
     * Sends records.
     *
     * @param nextOffset where the reader goes on
     * @return the size of the data as sent
     */
    long plain(FetchTarget target, List<BatchRecord> records, long nextOffset, Watermarks marks);

    /** The subscription is over; the stream goes on. */
    void ended(FetchTarget target, RejectedException reason);

    /**
     * A source for a partition whose leader is another node.
     *
     * @param wake to be run, on any thread, when there is something new
     * @throws RejectedException NOT_LEADER if this reader is not to be served from there
     */
    FetchSource remote(FetchTarget target, RemoteLeader leader, Runnable wake);

    /** Nothing more will come: the reader asked for no more. */
    void completed();

    /** A bug or a broken disk ended the session; nothing more will come. */
    void failed(RuntimeException cause);
}
