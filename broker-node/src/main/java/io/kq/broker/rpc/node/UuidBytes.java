package io.kq.broker.rpc.node;

import com.google.protobuf.ByteString;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.ByteBuffer;
import java.util.UUID;

/** A UUID as 16 bytes, most significant first. */
final class UuidBytes {

    private static final int SIZE = 16;

    private UuidBytes() {}

    static ByteString of(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE);
        bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
        return ByteString.copyFrom(bytes);
    }

    static UUID parse(ByteString bytes, String field) {
        if (bytes.size() != SIZE) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT, field + " is not an id of 16 bytes");
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
