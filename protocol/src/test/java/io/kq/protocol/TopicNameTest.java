package io.kq.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "first_topic", "A.b-C_9", "...", "-", "_"})
    void takesKafkasNames(String name) {
        assertThat(TopicName.problem(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "a/b", "tópic", "a\n", "a:b", "\u0000"})
    void refusesWhatKafkaRefuses(String name) {
        assertThat(TopicName.problem(name)).isPresent();
    }

    @Test
    void takes249CharactersAndNoMore() {
        assertThat(TopicName.problem("x".repeat(249))).isEmpty();
        assertThat(TopicName.problem("x".repeat(250)))
                .hasValueSatisfying(p -> assertThat(p).contains("250"));
    }

    @Test
    void namesThePlaceOfTheWrongCharacter() {
        assertThat(TopicName.problem("ab cd").orElse("")).contains("character 3");
    }

    @Test
    void namesThatDifferInDotsAndUnderscoresCollide() {
        assertThat(TopicName.collide("a.b", "a_b")).isTrue();
        assertThat(TopicName.collide("a.b", "a.b")).isFalse();
        assertThat(TopicName.collide("a.b", "a-b")).isFalse();
    }

    @Test
    void onlyNamesWithDotsOrUnderscoresCanCollide() {
        assertThat(TopicName.canCollide("a.b")).isTrue();
        assertThat(TopicName.canCollide("a_b")).isTrue();
        assertThat(TopicName.canCollide("a-b")).isFalse();
    }
}
