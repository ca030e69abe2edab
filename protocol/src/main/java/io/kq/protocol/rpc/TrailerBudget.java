package io.kq.protocol.rpc;

import io.kq.protocol.RejectedException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps a refusal small enough for the trailers of a call: clients take 8 KiB of them (gRPC's
 * default everywhere) and drop the whole answer if there are more. The message travels twice, once
 * percent-encoded (up to 3 bytes each) and once in base64.
 */
final class TrailerBudget {

    static final int MESSAGE_BYTES_MAX = 768;
    static final int METADATA_BYTES_MAX = 1536;

    private TrailerBudget() {}

    /** The same refusal with a shortened message and without metadata that finds no room. */
    static RejectedException fit(RejectedException rejected) {
        String message = rejected.getMessage();
        String shortened = shortened(message, MESSAGE_BYTES_MAX);
        Map<String, String> metadata = new TreeMap<>();
        int room = METADATA_BYTES_MAX;
        for (Map.Entry<String, String> fact : rejected.metadata().entrySet()) {
            int size = utf8Length(fact.getKey()) + utf8Length(fact.getValue());
            if (size <= room) {
                metadata.put(fact.getKey(), fact.getValue());
                room -= size;
            }
        }
        return new RejectedException(rejected.code(), shortened, rejected.definite(), metadata);
    }

    private static String shortened(String text, int bytesMax) {
        if (utf8Length(text) <= bytesMax) {
            return text;
        }
        int end = Math.min(text.length(), bytesMax);
        while (utf8Length(text.substring(0, end)) > bytesMax - 3) {
            end--;
        }
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "...";
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
