package io.kq.protocol.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/**
 * Snappy blocks in the chunks of snappy-java's stream, as Kafka's Java clients write them: a 16
 * byte head, then {@code length (4 bytes, big-endian), block}. Read by hand, because the library's
 * stream believes any length that the input promises. A bare block without a head, as librdkafka
 * writes it, is read too.
 */
final class SnappyCodec {

    private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final int VERSION = 1;
    private static final int COMPATIBLE_VERSION = 1;
    private static final int HEAD_BYTES = MAGIC.length + 2 * Integer.BYTES;

    /** Plain bytes of a chunk: what snappy-java takes. */
    private static final int CHUNK_BYTES = 32 * 1024;

    /** A byte of a block stands for fewer: three bytes copy at most 64. */
    private static final int EXPANSION_MAX = 32;

    private SnappyCodec() {}

    static void compress(byte[] plain, int from, int length, ByteAppender out) throws IOException {
        out.write(MAGIC, 0, MAGIC.length);
        writeInt(out, VERSION);
        writeInt(out, COMPATIBLE_VERSION);
        for (int done = 0; done < length; done += CHUNK_BYTES) {
            int chunk = Math.min(CHUNK_BYTES, length - done);
            out.ensure(Integer.BYTES + Snappy.maxCompressedLength(chunk));
            int lengthAt = out.size();
            int size =
                    Snappy.compress(
                            plain, from + done, chunk, out.array(), lengthAt + Integer.BYTES);
            writeInt(out, size);
            out.setSize(out.size() + size);
        }
    }

    private static void writeInt(ByteAppender out, int value) {
        out.ensure(Integer.BYTES);
        ByteBuffer.wrap(out.array()).putInt(out.size(), value);
        out.setSize(out.size() + Integer.BYTES);
    }

    static ByteBuffer decompress(HeapBytes compressed, int plainBytesMax) throws IOException {
        if (!startsWithHead(compressed, compressed.from())) {
            ByteAppender out = new ByteAppender(0);
            decompressBlock(
                    compressed.array(), compressed.from(), compressed.length(), out, plainBytesMax);
            return out.toBuffer();
        }
        ByteAppender out =
                new ByteAppender(Math.max(64, Math.min(compressed.sizeHint(), plainBytesMax)));
        ByteBuffer numbers = ByteBuffer.wrap(compressed.array());
        int end = compressed.from() + compressed.length();
        int at = compressed.from();
        while (at < end) {
            if (startsWithHead(compressed, at)) {
                at += HEAD_BYTES;
                continue;
            }
            if (end - at < Integer.BYTES) {
                throw new IOException("cut within a chunk's length");
            }
            int size = numbers.getInt(at);
            at += Integer.BYTES;
            if (size <= 0 || size > end - at) {
                throw new IOException("a chunk of " + size + " bytes where " + (end - at) + " are");
            }
            decompressBlock(compressed.array(), at, size, out, plainBytesMax);
            at += size;
        }
        return out.toBuffer();
    }

    private static void decompressBlock(
            byte[] source, int from, int length, ByteAppender out, int plainBytesMax)
            throws IOException {
        int promised = Snappy.uncompressedLength(source, from, length);
        if (promised < 0 || promised > (long) EXPANSION_MAX * length) {
            throw new IOException(length + " bytes promise to become " + promised);
        }
        if (promised > plainBytesMax - out.size()) {
            throw CompressionCodec.overBound(plainBytesMax);
        }
        out.ensure(promised);
        int size = Snappy.uncompress(source, from, length, out.array(), out.size());
        out.setSize(out.size() + size);
    }

    private static boolean startsWithHead(HeapBytes bytes, int at) {
        int end = bytes.from() + bytes.length();
        return end - at >= HEAD_BYTES
                && Arrays.equals(bytes.array(), at, at + MAGIC.length, MAGIC, 0, MAGIC.length);
    }
}
