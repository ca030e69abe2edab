package io.kq.broker.rpc.admin;

import io.kq.internal.v1.DescribeStorageResponse;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.v1.DataDirectory;
import io.kq.v1.GetHealthResponse;
import java.util.List;
import java.util.Map;

/** What is wrong with a cluster, judged by an image and what the brokers say. Pure. */
final class HealthReport {

    private HealthReport() {}

    /**
     * Judges.
     *
     * @param controllerId -1: none is known
     * @param downVoters voters of the metadata that are known to be down
     * @param disks by broker id
     */
    static GetHealthResponse of(
            MetadataImage image,
            int controllerId,
            List<Integer> downVoters,
            Map<Integer, DescribeStorageResponse> disks) {
        GetHealthResponse.Builder report = GetHealthResponse.newBuilder();
        int partitions = 0;
        int offline = 0;
        int underReplicated = 0;
        int underMinIsr = 0;
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                partitions++;
                offline += partition.hasLeader() ? 0 : 1;
                underReplicated += partition.isUnderReplicated() ? 1 : 0;
                underMinIsr += partition.isr().size() < topic.minIsr(partition) ? 1 : 0;
            }
        }
        if (controllerId < 0) {
            report.addProblems("No active controller is known: nothing can be changed.");
        }
        for (BrokerImage broker : image.allBrokers()) {
            if (broker.fenced()) {
                report.addProblems("Broker " + broker.id() + " is down.");
            }
        }
        for (int voter : downVoters) {
            report.addProblems("Metadata voter " + voter + " is down.");
        }
        disks.forEach((broker, disk) -> addProblems(report, broker, disk));
        count(report, offline, "without a leader: not readable, not writable.");
        count(report, underMinIsr, "under min.insync.replicas: writes are refused.");
        count(report, underReplicated, "with fewer in-sync replicas than replicas.");
        return report.setHealthy(report.getProblemsCount() == 0)
                .setPartitionCount(partitions)
                .setOfflinePartitionCount(offline)
                .setUnderReplicatedPartitionCount(underReplicated)
                .setUnderMinIsrPartitionCount(underMinIsr)
                .build();
    }

    private static void addProblems(
            GetHealthResponse.Builder report, int broker, DescribeStorageResponse disk) {
        for (DataDirectory directory : disk.getDirectoriesList()) {
            String what =
                    switch (directory.getState()) {
                        case DATA_DIRECTORY_STATE_FULL -> "is full: it takes no writes";
                        case DATA_DIRECTORY_STATE_FAILED -> "failed: it takes no writes";
                        case DATA_DIRECTORY_STATE_OFFLINE -> "is offline";
                        default -> "";
                    };
            String where = directory.getPath() + " of broker " + broker;
            if (!what.isEmpty()) {
                report.addProblems("Data directory " + where + " " + what + ".");
            }
            count(
                    report,
                    directory.getQuarantinedCount(),
                    "in data directory " + where + " with damaged data: not served there.");
        }
    }

    private static void count(GetHealthResponse.Builder report, int count, String what) {
        if (count > 0) {
            report.addProblems(count + (count == 1 ? " partition " : " partitions ") + what);
        }
    }
}
