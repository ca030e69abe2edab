package io.kq.cli.topics;

import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.TopicDescription;
import java.util.List;

/** {@code --list}: names, one a line; nothing when there are none. */
final class TopicListing {

    private TopicListing() {}

    static void print(Session session, List<TopicDescription> topics) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON, JSONL -> TopicJson.print(terminal, session.format(), topics);
            case TABLE, NAME -> topics.forEach(topic -> terminal.println(topic.name()));
            case WIDE -> {
                TextTable table =
                        new TextTable("TOPIC", "PARTITIONS", "REPLICATION", "INTERNAL", "TOPIC-ID");
                for (TopicDescription topic : topics) {
                    table.row(
                            topic.name(),
                            Integer.toString(topic.partitions().size()),
                            Integer.toString(topic.replicationFactor()),
                            topic.internal() ? "yes" : "no",
                            topic.topicId().toString());
                }
                table.print(terminal);
            }
        }
    }
}
