package io.kq.broker.rpc.admin;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.v1.GetHealthResponse;

/** What is wrong with a cluster, judged by an image. Pure. */
final class HealthReport {

    private HealthReport() {}

    static GetHealthResponse of(MetadataImage image, int controllerId) {
        GetHealthResponse.Builder report = GetHealthResponse.newBuilder();
        int partitions = 0;
        int offline = 0;
        int underReplicated = 0;
        int underMinIsr = 0;
        for (TopicImage topic : image.topics().values()) {
            int minIsr = topic.minIsr();
            for (PartitionImage partition : topic.partitions()) {
                partitions++;
                offline += partition.hasLeader() ? 0 : 1;
                underReplicated += isUnderReplicated(partition) ? 1 : 0;
                underMinIsr += partition.isr().size() < minIsr ? 1 : 0;
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
        count(report, offline, "without a leader: not readable, not writable.");
        count(report, underMinIsr, "under min.insync.replicas: acks=all is refused.");
        count(report, underReplicated, "with fewer in-sync replicas than replicas.");
        return report.setHealthy(report.getProblemsCount() == 0)
                .setPartitionCount(partitions)
                .setOfflinePartitionCount(offline)
                .setUnderReplicatedPartitionCount(underReplicated)
                .setUnderMinIsrPartitionCount(underMinIsr)
                .build();
    }

    static boolean isUnderReplicated(PartitionImage partition) {
        return partition.isr().size() < partition.replicas().size();
    }

    private static void count(GetHealthResponse.Builder report, int count, String what) {
        if (count > 0) {
            report.addProblems(count + (count == 1 ? " partition " : " partitions ") + what);
        }
    }
}
