package io.kq.broker.rpc.admin;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.util.UUID;

/** Request ids of mutating calls. */
final class RequestIds {

    private final RandomSource random;

    RequestIds(RandomSource random) {
        this.random = random;
    }

    /**
     * The id that the caller gave; a new one if it gave none, so that this node's own repetitions
     * are recognised too.
     */
    UUID parse(String text) {
        if (text.isEmpty()) {
            return random.nextUuid();
        }
        try {
            UUID id = UUID.fromString(text);
            // The parser takes groups of any length; a UUID is written in one way only.
            if (text.length() == 36) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new RejectedException(ErrorCode.INVALID_ARGUMENT, "request_id is not a UUID")
                .with("field", "request_id");
    }
}
