package io.kq.log.layout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentNameTest {

    private static final Replacement MERGED = new Replacement(new SegmentName(100, 3), 900);

    @Test
    void tellsOffsetAndGenerationByItsName() {
        assertThat(SegmentName.appended(22).fileName()).isEqualTo("00000000000000000022.log");
        assertThat(new SegmentName(22, 7).fileName()).isEqualTo("00000000000000000022.7.log");
        assertThat(SegmentName.parse("00000000000000000022.log"))
                .contains(SegmentName.appended(22));
        assertThat(SegmentName.parse("00000000000000000022.7.log"))
                .contains(new SegmentName(22, 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22.log",
                "00000000000000000022.0.log",
                "00000000000000000022.-1.log",
                "00000000000000000022.07.log",
                "00000000000000000022.1.cleaned",
                "00000000000000000022.1.00000000000000000030.swap",
                "99999999999999999999.1.log",
                "00000000000000000022.9999999999.log",
                "00000000000000000022.producers"
            })
    void otherFilesAreNoSegments(String fileName) {
        assertThat(SegmentName.parse(fileName)).isEmpty();
    }

    @Test
    void kafkasToolsFindTheBaseOffsetBeforeTheFirstDot() {
        String name = new SegmentName(22, 7).fileName();
        assertThat(Long.parseLong(name.substring(0, name.indexOf('.')))).isEqualTo(22);
        assertThat(name).endsWith(".log");
    }

    @Test
    void replacementHasThreeNamesOneAfterTheOther() {
        assertThat(MERGED.unfinishedName()).isEqualTo("00000000000000000100.3.cleaned");
        assertThat(MERGED.swapName()).isEqualTo("00000000000000000100.3.00000000000000000900.swap");
        assertThat(MERGED.segment().fileName()).isEqualTo("00000000000000000100.3.log");
        assertThat(Replacement.isUnfinished(MERGED.unfinishedName())).isTrue();
        assertThat(Replacement.isUnfinished(MERGED.swapName())).isFalse();
        assertThat(Replacement.parse(MERGED.swapName())).contains(MERGED);
        assertThat(Replacement.parse(MERGED.unfinishedName())).isEmpty();
        assertThat(Replacement.parse(MERGED.segment().fileName())).isEmpty();
    }

    @Test
    void replacesOlderFilesInItsRangeOnly() {
        assertThat(MERGED.replaces(SegmentName.appended(100))).isTrue();
        assertThat(MERGED.replaces(new SegmentName(500, 2))).isTrue();
        assertThat(MERGED.replaces(SegmentName.appended(899))).isTrue();
        assertThat(MERGED.replaces(SegmentName.appended(99))).isFalse();
        assertThat(MERGED.replaces(SegmentName.appended(900))).isFalse();
        assertThat(MERGED.replaces(MERGED.segment())).isFalse();
    }
}
