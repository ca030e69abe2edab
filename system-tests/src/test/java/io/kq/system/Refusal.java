package io.kq.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Ran;
import java.util.List;

/** How every refusal looks, whatever was wrong. */
final class Refusal {

    /** Reason, suggestion, and two things to try: nobody reads more. */
    private static final int LINES_MAX = 4;

    private Refusal() {}

    /** Nothing on standard output; one line that says what is wrong, and what to do about it. */
    static void check(Ran ran, int exitCode) {
        List<String> lines = ran.errLines();
        assertThat(ran.err()).as(ran.line()).startsWith("error: ").contains("\n  next: ");
        assertThat(ran.err()).as(ran.line()).doesNotContain("\tat ", "Exception", "this is a bug");
        assertThat(lines).as(ran.line()).hasSizeLessThanOrEqualTo(LINES_MAX);
        assertThat(lines.subList(1, lines.size()))
                .as(ran.line())
                .allSatisfy(line -> assertThat(line).matches("  (next|did you mean): .+"));
        assertThat(ran.out()).as(ran.line()).isEmpty();
        assertThat(ran.exitCode()).as(ran.line()).isEqualTo(exitCode);
    }

    /** The same, word for word. */
    static void check(Ran ran, int exitCode, String text) {
        assertThat(ran.err()).as(ran.line()).isEqualTo(text);
        check(ran, exitCode);
    }
}
