package io.kq.log.segment;

import io.kq.protocol.record.RecordBatchHeader;

/** Is shown the batches of a log in their order by whoever reads through its files. */
@FunctionalInterface
public interface BatchSink {

    /** One batch, and where it starts. */
    void onBatch(RecordBatchHeader header, Segment segment, long position);
}
