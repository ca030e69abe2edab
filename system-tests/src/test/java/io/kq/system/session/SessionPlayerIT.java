package io.kq.system.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.system.harness.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a session which is not answered as written fails, whatever it is that differs. */
class SessionPlayerIT {

    @TempDir private Path directory;

    private void play(String session) {
        new SessionPlayer("s", Shell.in(directory), "127.0.0.1:12345").play(session);
    }

    @Test
    void takesWhatIsAnsweredAsWritten() {
        play(
                """
                # All marks.
                $ printf 'a\\tb \\\\ \\n'; echo 127.0.0.1:9092; echo err >&2; exit 3
                1| a\\tb \\\\\\s
                2| err
                1| 127.0.0.1:9092
                exit 3

                $ printf '2\\n1\\n3\\n'
                1~ 1
                1~ 2
                1| 3

                $ echo 0b3e1b5e-5b0c-4f0e-9d55-4f3a1fbf1a11 1795335609407 4.1 17
                1| <uuid> <millis> <s> <n>

                reader $ cat; exit 4
                reader < hello
                reader 1| hello
                $ true
                reader ^D
                reader exit 4

                % read -p '>' word; echo "read $word"
                t| >hello
                t| read hello

                sleeper $ trap 'echo caught; exit 130' INT; echo ready; while :; do sleep 0.01; done
                sleeper 1| ready
                sleeper ^C
                sleeper 1| caught
                sleeper exit 130
                """);
    }

    @Test
    void seesOtherMissingAndSurplusLines() {
        assertDiffers("$ echo a\n1| b");
        assertDiffers("$ echo a\n");
        assertDiffers("$ echo a\n1| a\n1| b");
        assertDiffers("$ echo a >&2\n1| a");
        assertDiffers("$ echo a\n2| a");
        assertDiffers("$ printf a\n1| a");
        assertDiffers("$ printf 'a\\tb\\n'\n1| a b");
        assertDiffers("$ echo 'a '\n1| a");
        assertDiffers("$ printf '1\\n2\\n'\n1| 2\n1| 1");
        assertDiffers("$ printf '1\\n1\\n'\n1~ 1\n1~ 2");
        assertDiffers("$ printf '1\\n2\\n3\\n'\n1~ 2\n1~ 1");
        assertDiffers("$ echo x1\n1| <n>");
    }

    @Test
    void seesAnotherExitCode() {
        assertDiffers("$ exit 1");
        assertDiffers("$ true\nexit 1");
        assertDiffers("w $ exit 1\nw exit 0");
    }

    @Test
    void seesOtherTextAtATerminal() {
        assertDiffers("% echo b\nt| a");
        assertDiffers("% echo b");
        assertDiffers("% read -p '>' w; echo $w!\nt| >a\nt| a");
    }

    @Test
    void seesThatAWindowSaidMoreOrEndedEarlier() {
        assertDiffers("w $ echo a; echo b\nw 1| a\nw exit 0");
        assertDiffers("w $ echo a\nw 1| a\nw 1| b\nw exit 0");
    }

    @Test
    void refusesASessionThatMakesNoSense() {
        assertThatThrownBy(() -> play("echo a")).hasMessageContaining("line 1 has no mark");
        assertThatThrownBy(() -> play("1| a")).hasMessageContaining("nothing runs");
        assertThatThrownBy(() -> play("$ echo a\nt| a")).hasMessageContaining("no terminal");
        assertThatThrownBy(() -> play("w $ true\nw $ true")).hasMessageContaining("in use");
        assertThatThrownBy(() -> play("w $ true")).hasMessageContaining("without an exit line");
    }

    private void assertDiffers(String session) {
        assertThatThrownBy(() -> play(session)).as(session).isInstanceOf(AssertionError.class);
    }
}
