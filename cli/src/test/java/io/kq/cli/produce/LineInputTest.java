package io.kq.cli.produce;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.runtime.RandomSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineInputTest {

    private static List<String> lines(String input, boolean strip) throws IOException {
        LineInput lines =
                new LineInput(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), strip);
        List<String> all = new ArrayList<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            all.add(new String(line, ISO_8859_1));
        }
        return all;
    }

    @Test
    void endsLinesAtLineFeedsAndTheLastOneAtTheEnd() throws IOException {
        assertThat(lines("a\nb\n", false)).containsExactly("a", "b");
        assertThat(lines("a\nb", false)).containsExactly("a", "b");
        assertThat(lines("", false)).isEmpty();
        assertThat(lines("\n\n", false)).containsExactly("", "");
    }

    @Test
    void keepsCarriageReturnsOfPipesAndDropsThoseOfPeople() throws IOException {
        assertThat(lines("a\r\nb\r", false)).containsExactly("a\r", "b\r");
        assertThat(lines("a\r\nb\rc\r\n", true)).containsExactly("a", "b\rc");
    }

    @Test
    void keepsEveryByteOfLinesOfAnyLength() throws IOException {
        long seed = Long.getLong("kq.seed", 7);
        RandomSource random = RandomSource.seeded(seed);
        List<byte[]> expected = new ArrayList<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            byte[] line = new byte[random.nextInt(i % 50 == 0 ? 300_000 : 2_000)];
            for (int j = 0; j < line.length; j++) {
                byte b = (byte) random.nextInt(256);
                line[j] = b == '\n' ? (byte) 0 : b;
            }
            expected.add(line);
            all.writeBytes(line);
            all.write('\n');
        }
        LineInput lines = new LineInput(inPieces(all.toByteArray(), random), false);
        for (byte[] line : expected) {
            assertThat(lines.next()).as("-Dkq.seed=%d", seed).isEqualTo(line);
        }
        assertThat(lines.next()).isNull();
    }

    @Test
    void refusesInputThatHasNoLines() {
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        return length;
                    }
                };
        assertThatThrownBy(() -> new LineInput(endless, false).next())
                .isInstanceOf(LineInput.LineTooLongException.class);
    }

    private static InputStream inPieces(byte[] bytes, RandomSource random) {
        ByteArrayInputStream whole = new ByteArrayInputStream(bytes);
        return new InputStream() {
            @Override
            public int read() {
                return whole.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return whole.read(target, offset, Math.min(length, 1 + random.nextInt(9_000)));
            }
        };
    }
}
