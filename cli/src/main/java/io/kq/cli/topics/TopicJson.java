package io.kq.cli.topics;

import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import java.util.List;

/** Topics as JSON; {@code schema/topic.json} says what is in it. */
final class TopicJson {

    private TopicJson() {}

    /** {@code {"topics":[...]}}, or a topic a line. */
    static void print(Terminal terminal, OutputFormat format, List<TopicDescription> topics) {
        if (format == OutputFormat.JSON) {
            JsonText json = new JsonText();
            json.beginObject().name("topics").array(topics, t -> write(json, t)).endObject();
            terminal.println(json.toString());
            return;
        }
        for (TopicDescription topic : topics) {
            JsonText json = new JsonText();
            write(json, topic);
            terminal.println(json.toString());
        }
    }

    static void write(JsonText json, TopicDescription topic) {
        json.beginObject();
        json.name("name").value(topic.name());
        json.name("topicId").value(topic.topicId().toString());
        json.name("partitionCount").value(topic.partitions().size());
        json.name("replicationFactor").value(topic.replicationFactor());
        json.name("internal").value(topic.internal());
        json.time("createdAt", topic.createdAtMillis());
        json.name("configs").strings(topic.configs());
        json.name("partitions").array(topic.partitions(), p -> write(json, p));
        json.endObject();
    }

    private static void write(JsonText json, PartitionDescription partition) {
        json.beginObject();
        json.name("partition").value(partition.index());
        json.name("leader").value(partition.leader());
        json.name("leaderEpoch").value(partition.leaderEpoch());
        json.name("partitionEpoch").value(partition.partitionEpoch());
        json.name("replicas").numbers(partition.replicas());
        json.name("isr").numbers(partition.isr());
        json.name("elr").numbers(partition.elr());
        json.name("offline").numbers(partition.offline());
        json.name("adding").numbers(partition.adding());
        json.name("removing").numbers(partition.removing());
        json.endObject();
    }
}
