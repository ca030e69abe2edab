package io.kq.broker.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Base64;

/** Where a list goes on: after a name. Opaque to clients, and of no use for anything else. */
public final class PageToken {

    private static final String PREFIX = "1:";

    private PageToken() {}

    public static String after(String name) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((PREFIX + name).getBytes(UTF_8));
    }

    /** The name; empty for the first page. */
    public static String parse(String token) {
        if (token.isEmpty()) {
            return "";
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            if (text.startsWith(PREFIX)) {
                return text.substring(PREFIX.length());
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new RejectedException(
                        ErrorCode.INVALID_ARGUMENT, "page_token is none that a list answered")
                .with("field", "page_token");
    }
}
