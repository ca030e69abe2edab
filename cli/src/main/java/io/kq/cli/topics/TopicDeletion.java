package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** {@code --delete}: names what it deleted; asks a person first when it is more than one topic. */
final class TopicDeletion {

    private TopicDeletion() {}

    static void run(Session session, String typed, List<TopicDescription> topics) {
        if (topics.isEmpty()) {
            session.notice("No topic '" + typed + "': nothing to delete.");
        }
        if (topics.size() > 1 && session.canAsk()) {
            ask(session, topics);
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

    private static void ask(Session session, List<TopicDescription> topics) {
        Terminal terminal = session.terminal();
        List<String> names = topics.stream().map(TopicDescription::name).toList();
        terminal.errorText(
                "Delete " + names.size() + " topics: " + String.join(", ", names) + "? [y/N] ");
        String answer = readLine(terminal).strip().toLowerCase(Locale.ROOT);
        if (!(answer.equals("y") || answer.equals("yes"))) {
            throw CommandFailure.local("NOT_CONFIRMED", "Nothing was deleted.", null)
                    .next("answer y, or add --no-input");
        }
    }

    private static String readLine(Terminal terminal) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = terminal.in().read(); c >= 0 && c != '\n'; c = terminal.in().read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            return "";
        }
        return line.toString();
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
