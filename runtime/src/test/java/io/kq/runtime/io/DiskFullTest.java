package io.kq.runtime.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class DiskFullTest {

    private final IOException full = new IOException("No space left on device");

    @Test
    void isSeenThroughItsWrappings() {
        assertThat(DiskFull.caused(full)).isTrue();
        assertThat(DiskFull.caused(new UncheckedIOException(full))).isTrue();
        assertThat(DiskFull.caused(new IllegalStateException("start", new IOException("x", full))))
                .isTrue();
        assertThat(DiskFull.caused(new IOException("Disk quota exceeded"))).isTrue();
        assertThat(DiskFull.message(new UncheckedIOException(full)))
                .contains("No space left on device");
    }

    @Test
    void isNotSeenWhereSomethingElseFailed() {
        assertThat(DiskFull.caused(new IOException("Input/output error"))).isFalse();
        assertThat(DiskFull.caused(new IOException((String) null))).isFalse();
        assertThat(DiskFull.caused(new IllegalStateException("No space left on device"))).isFalse();
    }

    @Test
    void isNotSoughtForEverInACircle() {
        IOException one = new IOException("one");
        IOException other = new IOException("other", one);
        one.initCause(other);
        assertThat(DiskFull.caused(one)).isFalse();
    }
}
