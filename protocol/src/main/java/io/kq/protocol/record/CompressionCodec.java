package io.kq.protocol.record;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How the records of a batch are compressed: Kafka's five codecs, by Kafka's numbers and formats
 * (gzip; snappy in xerial's chunks; LZ4 frames; zstd frames). Any thread.
 */
public enum CompressionCodec {
    NONE(0, "none"),
    GZIP(1, "gzip"),
    SNAPPY(2, "snappy"),
    LZ4(3, "lz4"),
    ZSTD(4, "zstd");

    private final int id;
    private final String configName;

    CompressionCodec(int id, String configName) {
        this.id = id;
        this.configName = configName;
    }

    /** The number in a batch's attributes. */
    public int id() {
        return id;
    }

    /** The name in configurations. */
    public String configName() {
        return configName;
    }

    /**
     * The codec of a batch.
     *
     * @throws RejectedException UNSUPPORTED_COMPRESSION
     */
    public static CompressionCodec ofId(int id) {
        for (CompressionCodec codec : values()) {
            if (codec.id == id) {
                return codec;
            }
        }
        throw new RejectedException(
                ErrorCode.UNSUPPORTED_COMPRESSION, "no compression codec has the number " + id);
    }

    /** The codec of a configuration's value. */
    public static Optional<CompressionCodec> ofName(String configName) {
        for (CompressionCodec codec : values()) {
            if (codec.configName.equals(configName)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    /** The remaining bytes of {@code plain}, compressed; its position stays. */
    public ByteBuffer compress(ByteBuffer plain) {
        HeapBytes bytes = HeapBytes.of(plain);
        ByteAppender out = new ByteAppender(Math.max(64, bytes.length()));
        compress(bytes.array(), bytes.from(), bytes.length(), out);
        return out.toBuffer();
    }

    /**
     * The remaining bytes of {@code compressed} as they were; its position stays. The result of
     * NONE is a view.
     *
     * @param plainBytesMax bound of what is produced, whatever the input promises
     * @throws RejectedException CORRUPT_BATCH if the input is malformed or grows over the bound
     */
    public ByteBuffer decompress(ByteBuffer compressed, int plainBytesMax) {
        if (this == NONE) {
            if (compressed.remaining() > plainBytesMax) {
                throw overBound(plainBytesMax);
            }
            return compressed.slice();
        }
        if (!compressed.hasRemaining()) {
            throw new RejectedException(
                    ErrorCode.CORRUPT_BATCH, "nothing is no " + configName + " stream");
        }
        HeapBytes bytes = HeapBytes.of(compressed);
        try {
            return switch (this) {
                case NONE -> throw new IllegalStateException();
                case GZIP -> GzipCodec.decompress(bytes, plainBytesMax);
                case SNAPPY -> SnappyCodec.decompress(bytes, plainBytesMax);
                case LZ4 -> Lz4Codec.decompress(bytes, plainBytesMax);
                case ZSTD -> ZstdCodec.decompress(bytes, plainBytesMax);
            };
        } catch (IOException malformed) {
            throw new RejectedException(
                    ErrorCode.CORRUPT_BATCH,
                    "not a " + configName + " stream: " + malformed.getMessage());
        }
    }

    /** Appends the compressed form to {@code out}. */
    void compress(byte[] plain, int from, int length, ByteAppender out) {
        try {
            switch (this) {
                case NONE -> out.write(plain, from, length);
                case GZIP -> GzipCodec.compress(plain, from, length, out);
                case SNAPPY -> SnappyCodec.compress(plain, from, length, out);
                case LZ4 -> Lz4Codec.compress(plain, from, length, out);
                case ZSTD -> ZstdCodec.compress(plain, from, length, out);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("memory cannot fail", impossible);
        }
    }

    static RejectedException overBound(int plainBytesMax) {
        return new RejectedException(
                ErrorCode.CORRUPT_BATCH,
                "the records have more than " + plainBytesMax + " bytes when decompressed");
    }
}
