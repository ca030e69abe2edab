package io.kq.protocol.rpc;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Topic ids as the 16 bytes of the wire, big-endian. Any thread. */
public final class TopicIds {

    /** Length of an id. */
    public static final int SIZE_BYTES = 16;

    private TopicIds() {}

    public static ByteString toBytes(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE_BYTES);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return ByteString.copyFrom(bytes.flip());
    }

    /**
     * The id.
     *
     * @throws IllegalArgumentException if there are not 16 bytes
     */
    public static UUID fromBytes(ByteString bytes) {
        if (bytes.size() != SIZE_BYTES) {
            throw new IllegalArgumentException("a topic id has 16 bytes, this one " + bytes.size());
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
