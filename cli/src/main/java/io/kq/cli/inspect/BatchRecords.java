package io.kq.cli.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.log.inspection.BatchOnDisk;
import io.kq.log.inspection.LogInspection;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a batch on disk says, in words. */
final class BatchRecords {

    /** Bound of a batch's records when decompressed: a damaged size must not take all memory. */
    private static final int PLAIN_BYTES_MAX = 256 << 20;

    private static final int TEXT_BYTES_MAX = 60;

    private BatchRecords() {}

    /**
     * The batch's records.
     *
     * @throws RejectedException CORRUPT_BATCH
     */
    static List<BatchRecord> read(BatchOnDisk batch) {
        ByteBuffer bytes = LogInspection.bytes(batch);
        return RecordReader.readAll(bytes, PLAIN_BYTES_MAX);
    }

    static String codec(RecordBatchHeader header) {
        try {
            return CompressionCodec.ofId(header.codecId()).configName();
        } catch (RejectedException e) {
            return "codec " + header.codecId() + "?";
        }
    }

    static String time(long millis) {
        return millis < 0 ? "-" : Instant.ofEpochMilli(millis).toString();
    }

    /** {@code producer/epoch+sequence}, as in {@code 7/0+12}; {@code -} if not idempotent. */
    static String producer(RecordBatchHeader header) {
        if (!header.isIdempotent()) {
            return "-";
        }
        return header.producerId() + "/" + header.producerEpoch() + "+" + header.baseSequence();
    }

    /** Text in quotes if it is text, else hexadecimal; the beginning only if it is long. */
    static String shown(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        int length = Math.min(bytes.length, TEXT_BYTES_MAX);
        String more = bytes.length > length ? "... (" + bytes.length + " bytes)" : "";
        String text = text(bytes);
        if (text == null) {
            return "0x" + HexFormat.of().formatHex(bytes, 0, length) + more;
        }
        String start =
                text.codePointCount(0, text.length()) > TEXT_BYTES_MAX
                        ? text.substring(0, text.offsetByCodePoints(0, TEXT_BYTES_MAX))
                        : text;
        return '"' + escaped(start) + '"' + (start.equals(text) ? "" : more);
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Nothing that a record holds may steer the terminal. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (Character.isISOControl(c)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
