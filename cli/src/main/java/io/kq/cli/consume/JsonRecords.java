package io.kq.cli.consume;

import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerRecord;

/**
 * A JSON object for each record, one a line, or all of them in one array. {@code kq produce
 * --input-format jsonl} reads the lines back; {@code schema/record.json} says what is in them.
 */
final class JsonRecords implements RecordWriter {

    private final boolean array;
    private boolean first = true;

    JsonRecords(boolean array) {
        this.array = array;
    }

    @Override
    public void begin(Terminal terminal) {
        if (array) {
            terminal.print("[");
        }
    }

    @Override
    public void write(Terminal terminal, ConsumerRecord record) {
        if (array) {
            terminal.print(first ? "\n" : ",\n");
            first = false;
        }
        terminal.print(json(record));
        if (!array) {
            terminal.print("\n");
        }
    }

    @Override
    public void end(Terminal terminal) {
        if (array) {
            terminal.print(first ? "]\n" : "\n]\n");
        }
    }

    private static String json(ConsumerRecord record) {
        JsonText json = new JsonText();
        json.beginObject();
        json.name("topic").value(record.topic());
        json.name("partition").value(record.partition());
        json.name("offset").value(record.offset());
        json.time("timestamp", record.timestampMillis());
        json.name("timestampType").value(record.logAppendTime() ? "LogAppendTime" : "CreateTime");
        json.bytes("key", record.key());
        json.bytes("value", record.value());
        json.name("headers").beginArray();
        record.headers()
                .forEach(
                        header -> {
                            json.beginObject().name("key").value(header.key());
                            json.bytes("value", header.value()).endObject();
                        });
        return json.endArray().endObject().toString();
    }
}
