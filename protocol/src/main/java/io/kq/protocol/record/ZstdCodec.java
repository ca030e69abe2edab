package io.kq.protocol.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** RFC 8878 frames. One call into the library where the size is known, else its stream. */
final class ZstdCodec {

    /** Memory for a greater promise is only taken as it is kept. */
    private static final int BELIEVED_EXPANSION = 256;

    private ZstdCodec() {}

    static void compress(byte[] plain, int from, int length, ByteAppender out) {
        out.ensure(Zstd.compressBound(length));
        long size =
                Zstd.compressByteArray(
                        out.array(),
                        out.size(),
                        out.array().length - out.size(),
                        plain,
                        from,
                        length,
                        Zstd.defaultCompressionLevel());
        out.setSize(out.size() + (int) size);
    }

    static ByteBuffer decompress(HeapBytes compressed, int plainBytesMax) throws IOException {
        long promised =
                Zstd.getFrameContentSize(
                        compressed.array(), compressed.from(), compressed.length(), false);
        if (promised > plainBytesMax) {
            throw CompressionCodec.overBound(plainBytesMax);
        }
        if (promised > 0 && promised <= (long) BELIEVED_EXPANSION * compressed.length()) {
            byte[] plain = new byte[(int) promised];
            if (decompressWhole(compressed, plain)) {
                return ByteBuffer.wrap(plain);
            }
        }
        try (ZstdInputStreamNoFinalizer zstd =
                new ZstdInputStreamNoFinalizer(compressed.stream())) {
            return HeapBytes.drain(zstd, compressed.sizeHint(), plainBytesMax);
        }
    }

    /** False if the first frame's promise is not that of all: the stream will say what it is. */
    private static boolean decompressWhole(HeapBytes compressed, byte[] plain) {
        try {
            return Zstd.decompressByteArray(
                            plain,
                            0,
                            plain.length,
                            compressed.array(),
                            compressed.from(),
                            compressed.length())
                    == plain.length;
        } catch (ZstdException malformedOrSeveralFrames) {
            return false;
        }
    }
}
