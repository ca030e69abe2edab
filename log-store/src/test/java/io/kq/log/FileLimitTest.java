package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.io.OpenFiles;
import org.junit.jupiter.api.Test;

/** Segments never take the files that sockets and the index need. */
class FileLimitTest {

    private static int openFilesMax(long limit, int directories) {
        return LogStoreConfig.defaults().withinFileLimit(limit, directories).openFilesMax();
    }

    @Test
    void aHighLimitChangesNothing() {
        assertThat(openFilesMax(1 << 20, 1)).isEqualTo(4096);
        assertThat(openFilesMax(Long.MAX_VALUE, 3)).isEqualTo(4096);
    }

    @Test
    void aLowLimitIsHalvedAndSharedBetweenDirectories() {
        assertThat(openFilesMax(1024, 1)).isEqualTo(512);
        assertThat(openFilesMax(1024, 4)).isEqualTo(128);
        assertThat(openFilesMax(8, 4)).isEqualTo(16);
    }

    @Test
    void theLimitOfThisProcessIsKnown() {
        assertThat(OpenFiles.limitOfProcess()).isGreaterThan(100);
    }
}
