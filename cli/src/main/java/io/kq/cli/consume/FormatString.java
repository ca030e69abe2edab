package io.kq.cli.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerRecord;
import io.kq.client.RecordHeader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code -f '%t[%p]@%o %k=%v\n'}, as kcat has it. {@code %t} topic, {@code %p} partition, {@code
 * %o} offset, {@code %k} key, {@code %v} or {@code %s} value, {@code %T} timestamp in ms, {@code
 * %h} headers, {@code %K} and {@code %V} sizes of key and value (-1: null), {@code %%} a percent
 * sign; {@code \n \r \t \0 \\} and {@code \xNN}. Keys and values are written as the bytes they are.
 */
final class FormatString implements RecordWriter {

    private final List<BiConsumer<Terminal, ConsumerRecord>> parts = new ArrayList<>();
    private final ByteArrayOutputStream literal = new ByteArrayOutputStream();

    FormatString(String format) {
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i);
            boolean last = i + 1 == format.length();
            if (c == '%') {
                if (last) {
                    throw CommandFailure.usage("-f: a % ends the format; write %% for a percent");
                }
                field(format.charAt(i + 1));
                i += 2;
            } else if (c == '\\' && !last) {
                i += escape(format, i);
            } else {
                int codePoint = format.codePointAt(i);
                literal.writeBytes(Character.toString(codePoint).getBytes(UTF_8));
                i += Character.charCount(codePoint);
            }
        }
        endLiteral();
    }

    /** Returns the number of characters it took. */
    private int escape(String format, int at) {
        char c = format.charAt(at + 1);
        int plain = "nrt0\\".indexOf(c);
        if (plain >= 0) {
            literal.write("\n\r\t\0\\".charAt(plain));
            return 2;
        }
        if (c == 'x' && at + 4 <= format.length()) {
            try {
                literal.write(Integer.parseUnsignedInt(format, at + 2, at + 4, 16));
                return 4;
            } catch (NumberFormatException e) {
                // Said below.
            }
        }
        throw CommandFailure.usage("-f: \\" + c + " is not one of \\n \\r \\t \\0 \\\\ \\xNN");
    }

    private void field(char c) {
        if (c == '%') {
            literal.write('%');
            return;
        }
        endLiteral();
        parts.add(
                switch (c) {
                    case 't' -> (out, record) -> out.print(record.topic());
                    case 'p' -> (out, record) -> out.print(Integer.toString(record.partition()));
                    case 'o' -> (out, record) -> out.print(Long.toString(record.offset()));
                    case 'k' -> (out, record) -> bytes(out, record.key());
                    case 'v', 's' -> (out, record) -> bytes(out, record.value());
                    case 'T' -> (out, record) -> out.print(Long.toString(record.timestampMillis()));
                    case 'h' -> (out, record) -> headers(out, record.headers());
                    case 'K' -> (out, record) -> out.print(size(record.key()));
                    case 'V' -> (out, record) -> out.print(size(record.value()));
                    default ->
                            throw CommandFailure.usage(
                                    "-f: %" + c + " is not one of %t %p %o %k %v %T %h %K %V %%");
                });
    }

    private void endLiteral() {
        if (literal.size() > 0) {
            byte[] bytes = literal.toByteArray();
            parts.add((out, record) -> out.write(bytes));
            literal.reset();
        }
    }

    private static void bytes(Terminal out, byte @Nullable [] bytes) {
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static String size(byte @Nullable [] bytes) {
        return bytes == null ? "-1" : Integer.toString(bytes.length);
    }

    private static void headers(Terminal out, List<RecordHeader> headers) {
        String separator = "";
        for (RecordHeader header : headers) {
            out.print(separator + header.key() + "=");
            bytes(out, header.value());
            separator = ",";
        }
    }

    @Override
    public void write(Terminal terminal, ConsumerRecord record) {
        for (BiConsumer<Terminal, ConsumerRecord> part : parts) {
            part.accept(terminal, record);
        }
    }
}
