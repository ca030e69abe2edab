package io.kq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

    private static final List<String> KNOWN =
            List.of("first_topic", "second_topic", "retention.ms", "retention.bytes", "t1");

    @ParameterizedTest
    @CsvSource({
        "frist_topic, first_topic",
        "first_topi, first_topic",
        "first-topic, first_topic",
        "secnod_topic, second_topic",
        "retention.m, retention.ms",
        "retention.byte, retention.bytes",
        "t2, t1",
    })
    void findsWhatWasMeant(String typed, String meant) {
        assertThat(Suggestion.nearest(typed, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"orders", "xy", "''", "topic_that_is_nothing_like_it"})
    void findsNothingWhereNothingIsNear(String typed) {
        assertThat(Suggestion.nearest(typed, KNOWN)).isEmpty();
    }

    @Test
    void aSwapOfNeighboursIsOneMistake() {
        assertThat(Suggestion.nearest("ab", List.of("ba"))).contains("ba");
        assertThat(Suggestion.nearest("ab", List.of("cd"))).isEmpty();
    }

    @Test
    void theNearestWinsAndThenTheFirst() {
        assertThat(Suggestion.nearest("abcdef", List.of("abcxyf", "abcdeg", "abcdeh")))
                .contains("abcdeg");
    }

    @Test
    void findsNothingAmongNothing() {
        assertThat(Suggestion.nearest("a", List.of())).isEmpty();
    }
}
