package io.kq.broker.rpc;

import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.log.disk.DirectoryReport;
import io.kq.log.disk.DiskHealth;
import io.kq.v1.DataDirectory;
import io.kq.v1.DataDirectoryState;
import java.util.List;

/** Data directories as other nodes and clients see them. */
public final class DiskUseCodec {

    private DiskUseCodec() {}

    /** All directories, and their sums. */
    public static DescribeStorageResponse toProto(List<DirectoryReport> directories) {
        DescribeStorageResponse.Builder answer = DescribeStorageResponse.newBuilder();
        long usedBytes = 0;
        long freeBytes = 0;
        boolean told = false;
        for (DirectoryReport directory : directories) {
            answer.addDirectories(toProto(directory));
            usedBytes += directory.usedBytes();
            if (directory.freeBytes() >= 0) {
                freeBytes += directory.freeBytes();
                told = true;
            }
        }
        return answer.setUsedBytes(usedBytes).setFreeBytes(told ? freeBytes : -1).build();
    }

    private static DataDirectory toProto(DirectoryReport directory) {
        return DataDirectory.newBuilder()
                .setPath(directory.directory().toString())
                .setState(state(directory.health()))
                .setProblem(directory.problem())
                .setPartitionCount(directory.partitionCount())
                .setQuarantinedCount(directory.quarantinedCount())
                .setUsedBytes(directory.usedBytes())
                .setFreeBytes(directory.freeBytes())
                .setTotalBytes(directory.totalBytes())
                .build();
    }

    private static DataDirectoryState state(DiskHealth health) {
        return switch (health) {
            case WRITABLE -> DataDirectoryState.DATA_DIRECTORY_STATE_WRITABLE;
            case DISK_FULL -> DataDirectoryState.DATA_DIRECTORY_STATE_FULL;
            case FAILED -> DataDirectoryState.DATA_DIRECTORY_STATE_FAILED;
            case OFFLINE -> DataDirectoryState.DATA_DIRECTORY_STATE_OFFLINE;
        };
    }
}
