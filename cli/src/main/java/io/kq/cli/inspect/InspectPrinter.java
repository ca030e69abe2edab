package io.kq.cli.inspect;

import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import java.util.List;

/** Prints partitions, and the files of those that were asked for by topic, as they are read. */
interface InspectPrinter {

    /** All partitions that are meant. */
    void begin(List<PartitionOnDisk> partitions);

    /** One of them, with these of its segments; reads their batches. */
    void partition(PartitionOnDisk partition, List<SegmentOnDisk> segments);

    void end();
}
