package io.kq.cli.cluster;

import io.kq.cli.shell.JsonText;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ClusterDescription.DirectoryDescription;
import io.kq.client.admin.ClusterDescription.Health;
import io.kq.client.admin.ClusterDescription.Quorum;

/** Brokers, quorum and health as JSON; {@code schema/cluster.json} says what is in it. */
final class ClusterJson {

    private ClusterJson() {}

    static void write(JsonText json, BrokerDescription broker) {
        json.beginObject();
        json.name("id").value(broker.id());
        json.name("address").value(broker.address());
        json.name("state").value(broker.state().name());
        json.time("stateSince", broker.stateSinceMillis());
        json.name("rack").value(broker.rack());
        json.name("leaderCount").value(broker.leaderCount());
        json.name("replicaCount").value(broker.replicaCount());
        json.name("underReplicatedCount").value(broker.underReplicatedCount());
        json.name("diskUsedBytes").value(broker.diskUsedBytes());
        json.name("version").value(broker.version());
        json.name("directories").array(broker.directories(), d -> write(json, d));
        json.endObject();
    }

    private static void write(JsonText json, DirectoryDescription directory) {
        json.beginObject();
        json.name("path").value(directory.path());
        json.name("state").value(directory.state().name());
        json.name("problem").value(directory.problem());
        json.name("partitionCount").value(directory.partitionCount());
        json.name("quarantinedCount").value(directory.quarantinedCount());
        json.name("usedBytes").value(directory.usedBytes());
        json.name("freeBytes").value(directory.freeBytes());
        json.name("totalBytes").value(directory.totalBytes());
        json.endObject();
    }

    static void write(JsonText json, Quorum quorum) {
        json.beginObject();
        json.name("leader").value(quorum.leader());
        json.name("term").value(quorum.term());
        json.name("committedIndex").value(quorum.committedIndex());
        json.name("voters")
                .array(
                        quorum.voters(),
                        voter -> {
                            json.beginObject();
                            json.name("id").value(voter.id());
                            json.name("address").value(voter.address());
                            json.name("up").value(voter.up());
                            json.name("lag").value(voter.lag());
                            json.name("directoryId").value(voter.directoryId());
                            json.endObject();
                        });
        json.endObject();
    }

    static void write(JsonText json, Health health) {
        json.beginObject();
        json.name("healthy").value(health.healthy());
        json.name("problems").array(health.problems(), json::value);
        json.name("partitionCount").value(health.partitionCount());
        json.name("offlineCount").value(health.offlineCount());
        json.name("underReplicatedCount").value(health.underReplicatedCount());
        json.name("underMinIsrCount").value(health.underMinIsrCount());
        json.endObject();
    }
}
