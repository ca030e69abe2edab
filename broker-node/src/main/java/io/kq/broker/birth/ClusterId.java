package io.kq.broker.birth;

import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** A cluster's name for ever: a random UUID in 22 characters of base64url, as in Kafka. */
final class ClusterId {

    private ClusterId() {}

    static String mint(RandomSource random) {
        while (true) {
            UUID id = random.nextUuid();
            byte[] bytes =
                    ByteBuffer.allocate(16)
                            .putLong(id.getMostSignificantBits())
                            .putLong(id.getLeastSignificantBits())
                            .array();
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            // A leading dash would read as an option wherever a person types it.
            if (!text.startsWith("-")) {
                return text;
            }
        }
    }
}
