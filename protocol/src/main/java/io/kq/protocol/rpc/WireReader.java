package io.kq.protocol.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads protobuf's wire form from several buffers as if they were one, and hands out length
 * delimited fields as views instead of copies. Every read is checked against the limit of the
 * message it is in. One owner.
 */
final class WireReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int GROUP_START = 3;
    static final int GROUP_END = 4;
    static final int FIXED32 = 5;

    /** As deep as protobuf's own reader goes. */
    private static final int DEPTH_MAX = 100;

    private static final int VARINT_BYTES_MAX = 10;

    private final ByteBuffer[] parts;
    private ByteBuffer current;
    private int nextPart;

    /** Bytes read so far. Invariant: {@code position <= limit}. */
    private int position;

    /** End of the innermost message entered. */
    private int limit;

    /** Reads the remaining bytes of {@code parts}, whose positions stay. */
    WireReader(ByteBuffer[] parts) {
        this.parts = parts;
        this.current = ByteBuffer.allocate(0);
        for (ByteBuffer part : parts) {
            limit = Math.addExact(limit, part.remaining());
        }
    }

    /** Whether the innermost message entered has been read whole. */
    boolean atEnd() {
        return position == limit;
    }

    /** Goes into a message of {@code length} bytes; the result is for {@link #leave}. */
    int enter(int length) {
        int outer = limit;
        limit = position + length;
        return outer;
    }

    /** Goes back to the message around, at the end of the inner one. */
    void leave(int outerLimit) {
        limit = outerLimit;
    }

    /** A field number and wire type; neither 0 nor the end of a group. */
    int readTag() throws InvalidProtocolBufferException {
        int tag = (int) readVarint();
        if (tag >>> 3 == 0) {
            throw malformed("a field with the number 0");
        }
        return tag;
    }

    long readVarint() throws InvalidProtocolBufferException {
        long bits = 0;
        for (int i = 0; i < VARINT_BYTES_MAX; i++) {
            byte b = readByte();
            bits |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                return bits;
            }
        }
        throw malformed("a number of more than ten bytes");
    }

    /** The length of a field, all of which is there. */
    int readLength() throws InvalidProtocolBufferException {
        int length = (int) readVarint();
        require(length);
        return length;
    }

    /** Views of the next {@code length} bytes. */
    ByteBuffer[] take(int length) throws InvalidProtocolBufferException {
        require(length);
        List<ByteBuffer> views = new ArrayList<>(4);
        int left = length;
        while (left > 0) {
            advance();
            int size = Math.min(left, current.remaining());
            views.add(current.slice(current.position(), size));
            current.position(current.position() + size);
            left -= size;
        }
        position += length;
        return views.toArray(new ByteBuffer[0]);
    }

    /** Copies the next {@code length} bytes. */
    void copy(byte[] target, int at, int length) throws InvalidProtocolBufferException {
        require(length);
        int left = length;
        while (left > 0) {
            advance();
            int size = Math.min(left, current.remaining());
            current.get(target, at + length - left, size);
            left -= size;
        }
        position += length;
    }

    /** Passes over the value of a field. */
    void skipField(int tag) throws InvalidProtocolBufferException {
        skipField(tag, 0);
    }

    private void skipField(int tag, int depth) throws InvalidProtocolBufferException {
        switch (tag & 7) {
            case VARINT -> readVarint();
            case FIXED64 -> skip(8);
            case LENGTH_DELIMITED -> skip(readLength());
            case FIXED32 -> skip(4);
            case GROUP_START -> skipGroup(tag, depth + 1);
            default -> throw malformed("wire type " + (tag & 7));
        }
    }

    private void skipGroup(int startTag, int depth) throws InvalidProtocolBufferException {
        if (depth > DEPTH_MAX) {
            throw malformed("groups nested too deep");
        }
        int endTag = startTag - GROUP_START + GROUP_END;
        while (true) {
            int tag = readTag();
            if (tag == endTag) {
                return;
            }
            skipField(tag, depth);
        }
    }

    private void skip(int length) throws InvalidProtocolBufferException {
        require(length);
        int left = length;
        while (left > 0) {
            advance();
            int size = Math.min(left, current.remaining());
            current.position(current.position() + size);
            left -= size;
        }
        position += length;
    }

    private byte readByte() throws InvalidProtocolBufferException {
        require(1);
        advance();
        position++;
        return current.get();
    }

    /** Makes sure that the current part has a byte. Only while {@code position < limit}. */
    private void advance() {
        while (!current.hasRemaining()) {
            current = parts[nextPart++].duplicate();
        }
    }

    private void require(int length) throws InvalidProtocolBufferException {
        if (length < 0 || length > limit - position) {
            throw malformed("a field of " + length + " bytes, " + (limit - position) + " are left");
        }
    }

    private static InvalidProtocolBufferException malformed(String what) {
        return new InvalidProtocolBufferException(what);
    }
}
