package io.kq.cli.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.DidYouMean;
import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerRecord;
import io.kq.client.RecordHeader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of Kafka's {@code DefaultMessageFormatter}: the value, and before it what {@code
 * print.*} asks for, in its order. Keys and values are written as the bytes they are.
 */
final class KafkaLines implements RecordWriter {

    private static final Set<String> KNOWN =
            Set.of(
                    "print.timestamp",
                    "print.partition",
                    "print.offset",
                    "print.headers",
                    "print.key",
                    "print.value",
                    "key.separator",
                    "line.separator",
                    "headers.separator",
                    "null.literal");

    private final boolean timestamp;
    private final boolean partition;
    private final boolean offset;
    private final boolean headers;
    private final boolean key;
    private final boolean value;
    private final byte[] separator;
    private final byte[] lineSeparator;
    private final byte[] headersSeparator;
    private final byte[] nullLiteral;

    /** Whether something stands before the next field of the line that is being written. */
    private boolean continued;

    /** Of properties such as {@code print.key=true}, checked here. */
    KafkaLines(Map<String, String> properties) {
        properties.forEach(KafkaLines::check);
        timestamp = flag(properties, "print.timestamp", false);
        partition = flag(properties, "print.partition", false);
        offset = flag(properties, "print.offset", false);
        headers = flag(properties, "print.headers", false);
        key = flag(properties, "print.key", false);
        value = flag(properties, "print.value", true);
        separator = bytes(properties, "key.separator", "\t");
        lineSeparator = bytes(properties, "line.separator", "\n");
        headersSeparator = bytes(properties, "headers.separator", ",");
        nullLiteral = bytes(properties, "null.literal", "null");
    }

    private static void check(String property, String value) {
        if (property.endsWith(".deserializer")) {
            boolean bytesAsTheyAre =
                    value.endsWith(".StringDeserializer")
                            || value.endsWith(".ByteArrayDeserializer");
            if (!bytesAsTheyAre) {
                throw CommandFailure.usage(
                        property + ": kq prints bytes as they are; " + value + " is not known");
            }
        } else if (!KNOWN.contains(property)) {
            throw CommandFailure.usage("unknown property '" + property + "' of --property")
                    .didYouMean(DidYouMean.among(KNOWN, property));
        }
    }

    private static boolean flag(Map<String, String> properties, String name, boolean otherwise) {
        String text = properties.get(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw CommandFailure.usage(name + ": '" + text + "' is not true or false");
        };
    }

    private static byte[] bytes(Map<String, String> properties, String name, String otherwise) {
        return properties.getOrDefault(name, otherwise).getBytes(UTF_8);
    }

    @Override
    public void write(Terminal terminal, ConsumerRecord record) {
        continued = false;
        if (timestamp) {
            field(terminal, timestamp(record));
        }
        if (partition) {
            field(terminal, ("Partition:" + record.partition()).getBytes(UTF_8));
        }
        if (offset) {
            field(terminal, ("Offset:" + record.offset()).getBytes(UTF_8));
        }
        if (headers) {
            headers(terminal, record.headers());
        }
        if (key) {
            field(terminal, orNull(record.key()));
        }
        if (value) {
            field(terminal, orNull(record.value()));
        }
        terminal.write(lineSeparator);
    }

    private static byte[] timestamp(ConsumerRecord record) {
        long millis = record.timestampMillis();
        if (millis < 0) {
            return "NO_TIMESTAMP".getBytes(UTF_8);
        }
        return ((record.logAppendTime() ? "LogAppendTime:" : "CreateTime:") + millis)
                .getBytes(UTF_8);
    }

    private void headers(Terminal terminal, List<RecordHeader> list) {
        if (list.isEmpty()) {
            field(terminal, "NO_HEADERS".getBytes(UTF_8));
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            byte[] name = (list.get(i).key() + ":").getBytes(UTF_8);
            if (i == 0) {
                field(terminal, name);
            } else {
                terminal.write(headersSeparator);
                terminal.write(name);
            }
            terminal.write(orNull(list.get(i).value()));
        }
    }

    private void field(Terminal terminal, byte[] bytes) {
        if (continued) {
            terminal.write(separator);
        }
        terminal.write(bytes);
        continued = true;
    }

    private byte[] orNull(byte @Nullable [] bytes) {
        return bytes == null ? nullLiteral : bytes;
    }
}
