package io.kq.broker.fetch;

import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.partition.Watermarks;
import io.kq.broker.stream.CreditedSession;
import io.kq.broker.stream.CreditedSource;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import java.util.List;

/**
 * Where a fetch session puts what it has: the protocol's edge. Called by the session's drain only,
 * one call at a time, on changing threads.
 */
public interface FetchSink extends CreditedSession.Sink<FetchTarget> {

    /** Sends whole batches. Takes the slice over and closes it exactly once, also on failure. */
    void packed(FetchTarget target, LogSlice slice, Watermarks marks);

    /**
     * Sends records.
     *
     * @param nextOffset where the reader goes on
     * @return the size of the data as sent
     */
    long plain(FetchTarget target, List<BatchRecord> records, long nextOffset, Watermarks marks);

    /**
     * A source for a partition whose leader is another node.
     *
     * @param wake to be run, on any thread, when there is something new
     * @throws RejectedException NOT_LEADER if this reader is not to be served from there
     */
    CreditedSource remote(FetchTarget target, RemoteLeader leader, Runnable wake);
}
