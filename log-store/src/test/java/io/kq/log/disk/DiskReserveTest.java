package io.kq.log.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiskReserveTest {

    private static DiskSpace space(long free, long total) {
        return new DiskSpace(free, total);
    }

    @Test
    void standardIsAShareOfTheDiskWithinBounds() {
        assertThat(DiskReserve.STANDARD.bytesOn(space(0, 1000))).isEqualTo(1000);
        assertThat(DiskReserve.STANDARD.bytesOn(space(0, 100L << 20))).isEqualTo(32L << 20);
        assertThat(DiskReserve.STANDARD.bytesOn(space(0, 10_000_000_000L))).isEqualTo(500_000_000);
        assertThat(DiskReserve.STANDARD.bytesOn(space(0, 1L << 40))).isEqualTo(1L << 30);
    }

    @Test
    void givenBytesAreKeptOnAnyDiskAndNeverMoreThanItHas() {
        assertThat(DiskReserve.ofBytes(70).bytesOn(space(0, 1000))).isEqualTo(70);
        assertThat(DiskReserve.ofBytes(7000).bytesOn(space(0, 1000))).isEqualTo(1000);
        assertThat(DiskReserve.NONE.bytesOn(space(0, 1000))).isZero();
    }

    @Test
    void roomIsNegativeWithinTheReserve() {
        assertThat(DiskReserve.ofBytes(70).roomOn(space(100, 1000))).isEqualTo(30);
        assertThat(DiskReserve.ofBytes(70).roomOn(space(60, 1000))).isEqualTo(-10);
    }

    @Test
    void aFileSystemThatSaysNothingIsTakenToHaveRoom() {
        assertThat(DiskReserve.STANDARD.roomOn(space(-1, -1))).isEqualTo(Long.MAX_VALUE);
    }
}
