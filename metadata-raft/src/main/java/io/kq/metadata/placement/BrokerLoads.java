package io.kq.metadata.placement;

import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many replicas and preferred leaders each broker has. Preferred ones, not present ones: a
 * broker that is down for a minute has not become a free one. One thread.
 */
public final class BrokerLoads {

    private static final int REPLICAS = 0;
    private static final int LEADERS = 1;

    private final Map<Integer, int[]> counts = new TreeMap<>();

    /** Counts all partitions of the image. */
    public static BrokerLoads of(MetadataImage image) {
        BrokerLoads loads = new BrokerLoads();
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                loads.add(partition.replicas());
            }
        }
        return loads;
    }

    /** Counts one more partition; its first replica is the preferred leader. */
    public void add(List<Integer> replicas) {
        count(replicas, 1);
    }

    /** Counts one partition less, as it was counted. */
    void remove(List<Integer> replicas) {
        count(replicas, -1);
    }

    private void count(List<Integer> replicas, int by) {
        for (int i = 0; i < replicas.size(); i++) {
            int[] count = counts.computeIfAbsent(replicas.get(i), id -> new int[2]);
            count[REPLICAS] += by;
            if (i == 0) {
                count[LEADERS] += by;
            }
        }
    }

    int replicas(int brokerId) {
        int[] count = counts.get(brokerId);
        return count == null ? 0 : count[REPLICAS];
    }

    int leaders(int brokerId) {
        int[] count = counts.get(brokerId);
        return count == null ? 0 : count[LEADERS];
    }
}
