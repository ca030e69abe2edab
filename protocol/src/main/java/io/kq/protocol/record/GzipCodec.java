package io.kq.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** RFC 1952, by the JDK. */
final class GzipCodec {

    private static final int BUFFER_BYTES = 8 * 1024;

    private GzipCodec() {}

    static void compress(byte[] plain, int from, int length, ByteAppender out) throws IOException {
        try (GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER_BYTES)) {
            gzip.write(plain, from, length);
        }
    }

    static ByteBuffer decompress(HeapBytes compressed, int plainBytesMax) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(compressed.stream(), BUFFER_BYTES)) {
            return HeapBytes.drain(gzip, compressed.sizeHint(), plainBytesMax);
        }
    }
}
