package io.kq.cli.groups;

import io.kq.cli.shell.JsonText;
import io.kq.client.admin.GroupDescription;
import io.kq.protocol.TopicPartition;
import java.util.OptionalLong;

/** Parts of JSON that several descriptions have. */
final class GroupJson {

    private GroupJson() {}

    static void head(JsonText json, GroupDescription group) {
        json.name("group").value(group.listing().group());
        json.name("type").value(group.listing().type());
        json.name("state").value(group.listing().state());
        json.name("coordinatorId").value(group.listing().coordinatorId());
        json.name("assignor").value(group.assignor());
        json.name("groupEpoch").value(group.epoch());
        json.name("reason").value(group.reason());
        json.name("memberCount").value(group.members().size());
    }

    static void optional(JsonText json, String name, OptionalLong value) {
        if (value.isPresent()) {
            json.name(name).value(value.getAsLong());
        }
    }

    static void partitions(JsonText json, String name, Iterable<TopicPartition> partitions) {
        json.name(name).beginArray();
        for (TopicPartition partition : partitions) {
            json.beginObject();
            json.name("topic").value(partition.topic());
            json.name("partition").value(partition.partition());
            json.endObject();
        }
        json.endArray();
    }
}
