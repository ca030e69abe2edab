package io.kq.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.ProducerRecord;
import io.kq.client.RecordHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line is a value, or {@code headers <TAB> key <TAB> value}: the format of Kafka's console
 * producer ({@code LineMessageReader}), on bytes instead of text.
 */
final class PlainLines implements RecordFormat {

    private static final byte[] NOTHING = {};

    /**
     * What a line is made of.
     *
     * @param key of every record; null: no key, or from the line
     * @param keySeparator ends the key at the line's start; null: a line has no key
     * @param nullMarker what stands for null; empty: nothing does
     * @param lenient a part that is missing is left out, and no error
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Layout(
            String topic,
            int partition,
            byte @Nullable [] key,
            @Nullable String keySeparator,
            @Nullable HeaderLayout headers,
            String nullMarker,
            boolean lenient) {}

    /** {@code a:1,b:2<TAB>}: what stands between name and value, between headers, after all. */
    record HeaderLayout(String keySeparator, String separator, String delimiter) {}

    private final Layout layout;
    private final byte[] keySeparator;
    private final byte[] nullMarker;
    private final byte[] headerKeySeparator;
    private final byte[] headerSeparator;
    private final byte[] headerDelimiter;

    PlainLines(Layout layout) {
        this.layout = layout;
        this.keySeparator =
                layout.keySeparator() == null ? NOTHING : layout.keySeparator().getBytes(UTF_8);
        this.nullMarker = layout.nullMarker().getBytes(UTF_8);
        HeaderLayout headers = layout.headers();
        this.headerKeySeparator = headers == null ? NOTHING : bytes(headers.keySeparator());
        this.headerSeparator = headers == null ? NOTHING : bytes(headers.separator());
        this.headerDelimiter = headers == null ? NOTHING : bytes(headers.delimiter());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public ProducerRecord parse(byte[] line) throws UnreadableLineException {
        int from = 0;
        List<RecordHeader> headers = List.of();
        if (layout.headers() != null) {
            int end = indexOf(line, headerDelimiter, 0, line.length);
            if (end >= 0) {
                headers = headers(line, end);
                from = end + headerDelimiter.length;
            } else if (!layout.lenient()) {
                throw missing("headers delimiter", layout.headers().delimiter());
            }
        }
        byte[] key = layout.key();
        if (keySeparator.length > 0) {
            int end = indexOf(line, keySeparator, from, line.length);
            if (end >= 0) {
                key = nullable(line, from, end);
                from = end + keySeparator.length;
            } else if (!layout.lenient()) {
                throw missing("key separator", String.valueOf(layout.keySeparator()));
            }
        }
        byte[] value = nullable(line, from, line.length);
        return RecordFormat.record(layout.topic(), layout.partition(), key, value, headers, -1);
    }

    private static UnreadableLineException missing(String what, String text) {
        String shown = text.replace("\t", "\\t").replace("\n", "\\n");
        return new UnreadableLineException("it has no " + what + " '" + shown + "'");
    }

    private List<RecordHeader> headers(byte[] line, int end) throws UnreadableLineException {
        if (isNull(line, 0, end) || end == 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>();
        int from = 0;
        while (from <= end) {
            int separator = indexOf(line, headerSeparator, from, end);
            int headerEnd = separator < 0 ? end : separator;
            headers.add(header(line, from, headerEnd));
            from = headerEnd + headerSeparator.length;
            if (separator < 0) {
                break;
            }
        }
        return headers;
    }

    private RecordHeader header(byte[] line, int from, int end) throws UnreadableLineException {
        int colon = indexOf(line, headerKeySeparator, from, end);
        if (colon >= 0) {
            String name = new String(line, from, colon - from, UTF_8);
            return new RecordHeader(name, nullable(line, colon + headerKeySeparator.length, end));
        }
        String header = new String(line, from, end - from, UTF_8);
        if (layout.lenient()) {
            return new RecordHeader(header, null);
        }
        throw new UnreadableLineException(
                "its header '"
                        + header
                        + "' has no '"
                        + new String(headerKeySeparator, UTF_8)
                        + "'");
    }

    private byte @Nullable [] nullable(byte[] line, int from, int end) {
        if (isNull(line, from, end)) {
            return null;
        }
        boolean whole = from == 0 && end == line.length;
        return whole ? line : Arrays.copyOfRange(line, from, end);
    }

    private boolean isNull(byte[] line, int from, int end) {
        return nullMarker.length > 0
                && Arrays.equals(line, from, end, nullMarker, 0, nullMarker.length);
    }

    private static int indexOf(byte[] line, byte[] wanted, int from, int end) {
        for (int i = from; i <= end - wanted.length; i++) {
            if (line[i] == wanted[0]
                    && Arrays.equals(line, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
