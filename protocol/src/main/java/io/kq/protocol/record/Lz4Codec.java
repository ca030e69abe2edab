package io.kq.protocol.record;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 frames (the LZ4 Frame Format 1.6) with independent blocks, straight between arrays. Kafka's
 * streams do the same through a block buffer.
 */
final class Lz4Codec {

    private static final int MAGIC = 0x184D2204;
    private static final int BLOCK_BYTES = 64 * 1024;

    /** Version 01, independent blocks, no checksums, no content size. */
    private static final int FLAGS = 0b0110_0000;

    /** Blocks of 64 KiB. */
    private static final int BLOCK_DESCRIPTOR = 4 << 4;

    /** A byte of a compressed block stands for at most this many. */
    private static final int EXPANSION_MAX = 255;

    private static final int FLAG_DICTIONARY = 1;
    private static final int FLAG_CONTENT_CHECKSUM = 1 << 2;
    private static final int FLAG_CONTENT_SIZE = 1 << 3;
    private static final int FLAG_BLOCK_CHECKSUM = 1 << 4;
    private static final int FLAG_INDEPENDENT = 1 << 5;
    private static final int STORED_BLOCK = 1 << 31;

    private Lz4Codec() {}

    static void compress(byte[] plain, int from, int length, ByteAppender out) {
        LZ4Compressor lz4 = LZ4Factory.fastestInstance().fastCompressor();
        out.ensure(7);
        int head = out.size();
        putInt(out, MAGIC);
        out.putByte(FLAGS);
        out.putByte(BLOCK_DESCRIPTOR);
        out.putByte(headerChecksum(out.array(), head + 4, 2));
        for (int done = 0; done < length; done += BLOCK_BYTES) {
            int block = Math.min(BLOCK_BYTES, length - done);
            int bound = lz4.maxCompressedLength(block);
            out.ensure(Integer.BYTES + bound);
            int sizeAt = out.size();
            int size =
                    lz4.compress(
                            plain, from + done, block, out.array(), sizeAt + Integer.BYTES, bound);
            if (size >= block) {
                System.arraycopy(plain, from + done, out.array(), sizeAt + Integer.BYTES, block);
                size = block;
                putInt(out, size | STORED_BLOCK);
            } else {
                putInt(out, size);
            }
            out.setSize(out.size() + size);
        }
        out.ensure(Integer.BYTES);
        putInt(out, 0);
    }

    static ByteBuffer decompress(HeapBytes compressed, int plainBytesMax) throws IOException {
        ByteBuffer in =
                ByteBuffer.wrap(compressed.array(), compressed.from(), compressed.length())
                        .order(ByteOrder.LITTLE_ENDIAN);
        ByteAppender out =
                new ByteAppender(Math.max(64, Math.min(compressed.sizeHint(), plainBytesMax)));
        try {
            Frame frame = readHeader(in);
            while (readBlock(in, frame, out, plainBytesMax)) {
                // Each turn takes at least four bytes of the input.
            }
            if (frame.contentChecksum()) {
                checkHash(in, out.array(), 0, out.size());
            }
        } catch (BufferUnderflowException cut) {
            throw new IOException("cut short", cut);
        }
        if (in.hasRemaining()) {
            throw new IOException(in.remaining() + " bytes after the frame");
        }
        return out.toBuffer();
    }

    private record Frame(int blockBytesMax, boolean blockChecksum, boolean contentChecksum) {}

    private static Frame readHeader(ByteBuffer in) throws IOException {
        if (in.getInt() != MAGIC) {
            throw new IOException("no frame");
        }
        int descriptorAt = in.position();
        int flags = in.get() & 0xff;
        int blockSizeCode = (in.get() >> 4) & 0x07;
        if (flags >> 6 != 1) {
            throw new IOException("frame version " + (flags >> 6));
        }
        if ((flags & FLAG_INDEPENDENT) == 0 || (flags & FLAG_DICTIONARY) != 0) {
            throw new IOException("dependent blocks and dictionaries are not in Kafka's format");
        }
        if (blockSizeCode < 4) {
            throw new IOException("block size code " + blockSizeCode);
        }
        if ((flags & FLAG_CONTENT_SIZE) != 0) {
            in.getLong();
        }
        int length = in.position() - descriptorAt;
        if (in.get() != headerChecksum(in.array(), in.arrayOffset() + descriptorAt, length)) {
            throw new IOException("the frame header's checksum differs");
        }
        return new Frame(
                1 << (8 + 2 * blockSizeCode),
                (flags & FLAG_BLOCK_CHECKSUM) != 0,
                (flags & FLAG_CONTENT_CHECKSUM) != 0);
    }

    /** Reads one block; false at the end mark. */
    private static boolean readBlock(
            ByteBuffer in, Frame frame, ByteAppender out, int plainBytesMax) throws IOException {
        int word = in.getInt();
        if (word == 0) {
            return false;
        }
        boolean stored = (word & STORED_BLOCK) != 0;
        int size = word & ~STORED_BLOCK;
        if (size > in.remaining() || size > frame.blockBytesMax()) {
            throw new IOException("a block of " + size + " bytes");
        }
        byte[] source = in.array();
        int from = in.arrayOffset() + in.position();
        int room = Math.min(frame.blockBytesMax(), plainBytesMax - out.size());
        if (stored) {
            if (size > room) {
                throw CompressionCodec.overBound(plainBytesMax);
            }
            out.write(source, from, size);
        } else {
            decompressBlock(source, from, size, out, room);
        }
        in.position(in.position() + size);
        if (frame.blockChecksum()) {
            checkHash(in, source, from, size);
        }
        return true;
    }

    private static void decompressBlock(
            byte[] source, int from, int size, ByteAppender out, int room) throws IOException {
        LZ4SafeDecompressor lz4 = LZ4Factory.fastestInstance().safeDecompressor();
        out.ensure(Math.min(room, (long) EXPANSION_MAX * size));
        int available = Math.min(room, out.array().length - out.size());
        try {
            int plain = lz4.decompress(source, from, size, out.array(), out.size(), available);
            out.setSize(out.size() + plain);
        } catch (LZ4Exception malformed) {
            throw new IOException(
                    "a block is malformed or has more than " + available + " bytes", malformed);
        }
    }

    private static void checkHash(ByteBuffer in, byte[] bytes, int from, int length)
            throws IOException {
        if (in.getInt() != hasher().hash(bytes, from, length, 0)) {
            throw new IOException("a checksum differs");
        }
    }

    private static byte headerChecksum(byte[] bytes, int from, int length) {
        return (byte) (hasher().hash(bytes, from, length, 0) >> 8);
    }

    private static XXHash32 hasher() {
        return XXHashFactory.fastestInstance().hash32();
    }

    private static void putInt(ByteAppender out, int value) {
        out.putByte(value);
        out.putByte(value >> 8);
        out.putByte(value >> 16);
        out.putByte(value >> 24);
    }
}
