package io.kq.cli.shell;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds one JSON value in memory. Names are lowerCamelCase, as protobuf's JSON; offsets and counts
 * are numbers; a time is written twice, as RFC 3339 text and as milliseconds.
 */
public final class JsonText {

    private final StringWriter text = new StringWriter();
    private final JsonWriter writer = new JsonWriter(text);

    /** A step that gson declares to throw and a string never makes fail. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    @CanIgnoreReturnValue
    private JsonText step(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused text", e);
        }
        return this;
    }

    @CanIgnoreReturnValue
    public JsonText beginObject() {
        return step(writer::beginObject);
    }

    @CanIgnoreReturnValue
    public JsonText endObject() {
        return step(writer::endObject);
    }

    @CanIgnoreReturnValue
    public JsonText beginArray() {
        return step(writer::beginArray);
    }

    @CanIgnoreReturnValue
    public JsonText endArray() {
        return step(writer::endArray);
    }

    @CanIgnoreReturnValue
    public JsonText name(String name) {
        return step(() -> writer.name(name));
    }

    @CanIgnoreReturnValue
    public JsonText value(@Nullable String value) {
        return step(() -> writer.value(value));
    }

    @CanIgnoreReturnValue
    public JsonText value(long value) {
        return step(() -> writer.value(value));
    }

    /** Rounded to a millionth; what is no number is null. */
    @CanIgnoreReturnValue
    public JsonText value(double value) {
        boolean number = !Double.isNaN(value) && !Double.isInfinite(value);
        return step(
                () -> {
                    if (number) {
                        writer.value(Math.round(value * 1e6) / 1e6);
                    } else {
                        writer.nullValue();
                    }
                });
    }

    @CanIgnoreReturnValue
    public JsonText value(boolean value) {
        return step(() -> writer.value(value));
    }

    /** An array of numbers. */
    @CanIgnoreReturnValue
    public JsonText numbers(Collection<Integer> values) {
        beginArray();
        values.forEach(this::value);
        return endArray();
    }

    /** An object of strings, by name. */
    @CanIgnoreReturnValue
    public JsonText strings(Map<String, String> values) {
        beginObject();
        new TreeMap<>(values).forEach((name, value) -> name(name).value(value));
        return endObject();
    }

    /** An array with one value for each item. */
    @CanIgnoreReturnValue
    public <T> JsonText array(Collection<T> items, Consumer<T> write) {
        beginArray();
        items.forEach(write);
        return endArray();
    }

    /** {@code <name>: "2026-01-02T03:04:05.678Z", <name>Ms: 1767323045678}; nothing if negative. */
    @CanIgnoreReturnValue
    public JsonText time(String name, long epochMillis) {
        if (epochMillis < 0) {
            return this;
        }
        Instant instant = Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.MILLIS);
        return name(name).value(instant.toString()).name(name + "Ms").value(epochMillis);
    }

    /**
     * {@code <name>: text}; bytes that are not UTF-8 as {@code <name>Base64: text}, so that nothing
     * is lost.
     */
    @CanIgnoreReturnValue
    public JsonText bytes(String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            return name(name).value((String) null);
        }
        try {
            String string =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return name(name).value(string);
        } catch (CharacterCodingException e) {
            return name(name + "Base64").value(Base64.getEncoder().encodeToString(bytes));
        }
    }

    /** The JSON. */
    @Override
    public String toString() {
        return text.toString();
    }

    /** The JSON since the last call: for a value that is written while it grows. */
    public String take() {
        String part = text.toString();
        text.getBuffer().setLength(0);
        return part;
    }
}
