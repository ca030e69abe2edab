package io.kq.cli.topics;

import io.kq.cli.shell.Confirmation;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code --delete}: names what it deleted; asks a person first when it is more than one topic. */
final class TopicDeletion {

    private TopicDeletion() {}

    static void run(Session session, String typed, List<TopicDescription> topics) {
        if (topics.isEmpty()) {
            session.notice("No topic '" + typed + "': nothing to delete.");
        }
        if (topics.size() > 1) {
            Confirmation.require(session, question(topics), "Nothing was deleted.");
        }
        List<String> deleted = new ArrayList<>();
        try {
            for (TopicDescription topic : topics) {
                delete(session, topic.name());
                deleted.add(topic.name());
            }
        } catch (RejectedException e) {
            print(session, deleted);
            throw Explanation.of(e);
        }
        print(session, deleted);
    }

    /** Gone meanwhile is what was wanted. */
    private static void delete(Session session, String topic) {
        try {
            session.await(session.admin().deleteTopic(topic));
        } catch (RejectedException e) {
            if (e.code() != ErrorCode.TOPIC_NOT_FOUND) {
                throw e;
            }
        }
    }

    private static String question(List<TopicDescription> topics) {
        List<String> names = topics.stream().map(TopicDescription::name).toList();
        return "Delete " + names.size() + " topics: " + String.join(", ", names) + "?";
    }

    private static void print(Session session, List<String> deleted) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON ->
                    terminal.println(
                            object(json -> json.name("deleted").array(deleted, json::value)));
            case JSONL ->
                    deleted.forEach(
                            name ->
                                    terminal.println(
                                            object(json -> json.name("deleted").value(name))));
            case NAME -> deleted.forEach(terminal::println);
            case TABLE, WIDE ->
                    deleted.forEach(name -> terminal.println("Deleted topic " + name + "."));
        }
    }

    private static String object(Consumer<JsonText> members) {
        JsonText json = new JsonText();
        json.beginObject();
        members.accept(json);
        return json.endObject().toString();
    }
}
