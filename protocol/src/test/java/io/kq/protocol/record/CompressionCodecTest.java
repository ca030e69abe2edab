package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class CompressionCodecTest {

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void hasKafkasNumberAndName(CompressionCodec codec) {
        assertThat(codec.configName()).isEqualTo(CompressionType.forId(codec.id()).name);
        assertThat(CompressionCodec.ofId(codec.id())).isEqualTo(codec);
        assertThat(CompressionCodec.ofName(codec.configName())).contains(codec);
    }

    @Test
    void refusesNumbersThatNoCodecHas() {
        RejectedException refusal =
                catchThrowableOfType(RejectedException.class, () -> CompressionCodec.ofId(5));

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION);
        assertThat(CompressionCodec.ofName("brotli")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void whatWasCompressedComesBack(CompressionCodec codec) {
        for (int size : new int[] {0, 1, 100, 32 * 1024, 32 * 1024 + 1, 64 * 1024, 300_000}) {
            ByteBuffer plain = ByteBuffer.wrap(bytes(size));
            ByteBuffer direct = ByteBuffer.allocateDirect(size).put(plain.duplicate()).flip();

            ByteBuffer compressed = codec.compress(direct);

            assertThat(codec.decompress(compressed, size)).isEqualTo(plain);
            assertThat(codec.decompress(compressed.asReadOnlyBuffer(), size)).isEqualTo(plain);
            assertThat(direct.remaining()).isEqualTo(size);
        }
    }

    @Test
    void readsSnappyWithoutXerialsHeadAsLibrdkafkaWritesIt() throws IOException {
        byte[] plain = bytes(5000);

        ByteBuffer block = ByteBuffer.wrap(Snappy.compress(plain));

        assertThat(CompressionCodec.SNAPPY.decompress(block, 5000))
                .isEqualTo(ByteBuffer.wrap(plain));
    }

    @Test
    void readsSnappyStreamsThatWereJoined() {
        ByteBuffer one = CompressionCodec.SNAPPY.compress(ByteBuffer.wrap(bytes(100)));
        ByteBuffer both = ByteBuffer.allocate(2 * one.remaining());
        both.put(one.duplicate()).put(one.duplicate()).flip();

        assertThat(CompressionCodec.SNAPPY.decompress(both, 200).remaining()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsLz4FramesWithChecksumsAndSizes(boolean everything) throws IOException {
        byte[] plain = bytes(200_000);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        LZ4FrameOutputStream.FLG.Bits[] flags =
                everything
                        ? new LZ4FrameOutputStream.FLG.Bits[] {
                            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
                            LZ4FrameOutputStream.FLG.Bits.BLOCK_CHECKSUM,
                            LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM,
                            LZ4FrameOutputStream.FLG.Bits.CONTENT_SIZE
                        }
                        : new LZ4FrameOutputStream.FLG.Bits[] {
                            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE
                        };
        try (LZ4FrameOutputStream lz4 =
                new LZ4FrameOutputStream(
                        frame, LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB, 200_000L, flags)) {
            lz4.write(plain);
        }

        assertThat(CompressionCodec.LZ4.decompress(ByteBuffer.wrap(frame.toByteArray()), 200_000))
                .isEqualTo(ByteBuffer.wrap(plain));
    }

    @Test
    void readsZstdFramesThatDoNotSayTheirSize() throws IOException {
        byte[] plain = bytes(100_000);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        try (com.github.luben.zstd.ZstdOutputStreamNoFinalizer zstd =
                new com.github.luben.zstd.ZstdOutputStreamNoFinalizer(frame)) {
            zstd.write(plain);
        }

        assertThat(CompressionCodec.ZSTD.decompress(ByteBuffer.wrap(frame.toByteArray()), 100_000))
                .isEqualTo(ByteBuffer.wrap(plain));
    }

    @Test
    void readsZstdFramesThatWereJoined() {
        ByteBuffer one = CompressionCodec.ZSTD.compress(ByteBuffer.wrap(bytes(100)));
        ByteBuffer both = ByteBuffer.allocate(2 * one.remaining());
        both.put(one.duplicate()).put(one.duplicate()).flip();

        assertThat(CompressionCodec.ZSTD.decompress(both, 200).remaining()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(CompressionCodec.class)
    void givesNoMoreThanTheBound(CompressionCodec codec) {
        ByteBuffer compressed = codec.compress(ByteBuffer.wrap(bytes(10_000)));

        RejectedException refusal =
                catchThrowableOfType(
                        RejectedException.class, () -> codec.decompress(compressed, 9_999));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CORRUPT_BATCH);
    }

    /** Half noise, half repetition. */
    private static byte[] bytes(int size) {
        RandomSource random = RandomSource.seeded(1);
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i % 1000 < 500 ? random.nextInt(256) : i / 1000);
        }
        return bytes;
    }
}
