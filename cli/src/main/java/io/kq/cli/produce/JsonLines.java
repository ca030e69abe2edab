package io.kq.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.kq.client.ProducerRecord;
import io.kq.client.RecordHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line is a JSON object as {@code kq consume -o jsonl} prints it: {@code key}, {@code value},
 * {@code headers}, {@code timestampMs} are taken, bytes that are no text from {@code keyBase64} and
 * {@code valueBase64}; where the record came from is skipped. A value that is no string stands for
 * its JSON text.
 */
final class JsonLines implements RecordFormat {

    private static final Set<String> SKIPPED =
            Set.of("topic", "partition", "offset", "timestamp", "timestampType");

    private static final int NESTING_MAX = 100;

    private final String topic;
    private final int partition;
    private final byte @Nullable [] key;

    /** {@code key} and {@code partition} are those of records that do not say one. */
    JsonLines(String topic, int partition, byte @Nullable [] key) {
        this.topic = topic;
        this.partition = partition;
        this.key = key;
    }

    /** What was read so far. */
    private static final class Fields {
        private byte @Nullable [] key;
        private byte @Nullable [] value;
        private boolean hasValue;
        private List<RecordHeader> headers = List.of();
        private long timestampMillis = -1;
    }

    @Override
    public ProducerRecord parse(byte[] line) throws UnreadableLineException {
        Fields fields = new Fields();
        fields.key = key;
        try (JsonReader json =
                new JsonReader(new InputStreamReader(new ByteArrayInputStream(line), UTF_8))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                read(json, fields);
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new UnreadableLineException("something follows its JSON object");
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw new UnreadableLineException("it is no JSON object of a record: " + reason(e));
        }
        if (!fields.hasValue) {
            throw new UnreadableLineException("its JSON object has no \"value\"");
        }
        return RecordFormat.record(
                topic, partition, fields.key, fields.value, fields.headers, fields.timestampMillis);
    }

    private static String reason(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static void read(JsonReader json, Fields fields)
            throws IOException, UnreadableLineException {
        String name = json.nextName();
        switch (name) {
            case "key" -> fields.key = bytes(json);
            case "keyBase64" -> fields.key = Base64.getDecoder().decode(json.nextString());
            case "value" -> {
                fields.value = bytes(json);
                fields.hasValue = true;
            }
            case "valueBase64" -> {
                fields.value = Base64.getDecoder().decode(json.nextString());
                fields.hasValue = true;
            }
            case "headers" -> fields.headers = headers(json);
            case "timestampMs" -> fields.timestampMillis = json.nextLong();
            default -> {
                if (!SKIPPED.contains(name)) {
                    throw new UnreadableLineException("\"" + name + "\" is no field of a record");
                }
                json.skipValue();
            }
        }
    }

    private static List<RecordHeader> headers(JsonReader json)
            throws IOException, UnreadableLineException {
        List<RecordHeader> headers = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) {
            String name = null;
            byte[] value = null;
            json.beginObject();
            while (json.hasNext()) {
                String field = json.nextName();
                switch (field) {
                    case "key" -> name = json.nextString();
                    case "value" -> value = bytes(json);
                    case "valueBase64" -> value = Base64.getDecoder().decode(json.nextString());
                    default ->
                            throw new UnreadableLineException(
                                    "\"" + field + "\" is no field of a header");
                }
            }
            json.endObject();
            if (name == null) {
                throw new UnreadableLineException("a header has no \"key\"");
            }
            headers.add(new RecordHeader(name, value));
        }
        json.endArray();
        return headers;
    }

    private static byte @Nullable [] bytes(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
            return null;
        }
        if (json.peek() == JsonToken.STRING) {
            return json.nextString().getBytes(UTF_8);
        }
        StringWriter text = new StringWriter();
        copy(json, new JsonWriter(text), 0);
        return text.toString().getBytes(UTF_8);
    }

    private static void copy(JsonReader json, JsonWriter out, int depth) throws IOException {
        if (depth > NESTING_MAX) {
            throw new IOException("nested more than " + NESTING_MAX + " deep");
        }
        switch (json.peek()) {
            case BEGIN_OBJECT -> {
                json.beginObject();
                out.beginObject();
                while (json.hasNext()) {
                    out.name(json.nextName());
                    copy(json, out, depth + 1);
                }
                json.endObject();
                out.endObject();
            }
            case BEGIN_ARRAY -> {
                json.beginArray();
                out.beginArray();
                while (json.hasNext()) {
                    copy(json, out, depth + 1);
                }
                json.endArray();
                out.endArray();
            }
            case STRING -> out.value(json.nextString());
            case NUMBER -> out.jsonValue(json.nextString());
            case BOOLEAN -> out.value(json.nextBoolean());
            case NULL -> {
                json.nextNull();
                out.nullValue();
            }
            case END_ARRAY, END_OBJECT, END_DOCUMENT, NAME ->
                    throw new IOException("a value is missing");
        }
    }
}
