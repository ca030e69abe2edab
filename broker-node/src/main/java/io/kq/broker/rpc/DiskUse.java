package io.kq.broker.rpc;

import io.kq.log.disk.DirectoryReport;
import java.util.List;

/** How full this node's disks are. Any thread; asks the file systems, which is quick. */
@FunctionalInterface
public interface DiskUse {

    /** Each data directory, in the order of the settings. */
    List<DirectoryReport> directories();
}
