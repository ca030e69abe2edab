package io.kq.system.session;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Window;
import java.util.function.UnaryOperator;

/** A window of a session: what was typed in it, and what it must have answered by its end. */
final class OpenWindow implements AutoCloseable {

    private static final String PROMPT = ">";

    private final Window window;
    private final String name;
    private final boolean atTerminal;
    private final UnaryOperator<String> asWritten;
    private final ExpectedText out = new ExpectedText();
    private final ExpectedText err = new ExpectedText();

    /** All that a terminal must show by now. */
    private final StringBuilder screen = new StringBuilder();

    /**
     * Watches a window.
     *
     * @param name for messages: the file, the line, the command
     * @param asWritten makes of an output what a session's file would say
     */
    OpenWindow(Window window, String name, boolean atTerminal, UnaryOperator<String> asWritten) {
        this.window = window;
        this.name = name;
        this.atTerminal = atTerminal;
        this.asWritten = asWritten;
    }

    /** It prints this; with {@code now}, it has done so when this returns. */
    void expectOut(String line, boolean inAnyOrder, boolean now) {
        out.add(line, inAnyOrder);
        if (now) {
            await("prints " + out.size() + " lines", () -> count(window.out()) >= out.size());
        }
    }

    /** What {@code other} was to print, this is to print. */
    void expectSameAs(OpenWindow other) {
        out.addAll(other.out);
        err.addAll(other.err);
    }

    void expectErr(String line, boolean now) {
        err.add(line, false);
        if (now) {
            await("prints " + err.size() + " errors", () -> count(window.err()) >= err.size());
        }
    }

    /** A line of a terminal: printed, or a prompt and what is typed after it, or a key. */
    void terminalLine(String line) {
        if (!atTerminal) {
            throw new IllegalArgumentException(name + " is at no terminal; start it with %");
        }
        boolean prompted = line.startsWith(PROMPT);
        String typed = prompted ? line.substring(PROMPT.length()) : line;
        boolean key = typed.equals("^C") || typed.equals("^D");
        if (!prompted && !key) {
            screen.append(line).append('\n');
            return;
        }
        screen.append(prompted ? PROMPT : "");
        await("shows\n" + screen, () -> shown().contentEquals(screen));
        switch (typed) {
            case "^C" -> {
                window.type("\003");
                screen.append("^C");
            }
            case "^D" -> {
                window.type("\004");
                screen.append('\n');
            }
            default -> {
                window.type(typed + "\n");
                screen.append(typed).append('\n');
            }
        }
    }

    void type(String text) {
        window.type(text + "\n");
    }

    void interrupt() {
        window.interrupt();
    }

    void endInput() {
        window.endInput();
    }

    /** Waits for the end and checks everything. */
    void end(int exitCode) {
        int code = window.awaitEnd();
        if (atTerminal) {
            assertThat(shown()).as("%s, the terminal", name).isEqualTo(screen.toString());
        } else {
            out.verify(name + ", standard output", asWritten.apply(window.out()));
            err.verify(name + ", standard error", asWritten.apply(window.err()));
        }
        assertThat(code).as("%s, exit code", name).isEqualTo(exitCode);
    }

    private String shown() {
        return asWritten.apply(window.out()).replace("\r\n", "\n");
    }

    private void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        try {
            eventually(name + " " + what, () -> condition.call() || !window.isAlive());
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + ", but:\n" + said(), late);
        }
    }

    private String said() {
        return window.out() + window.err();
    }

    private static long count(String text) {
        return text.chars().filter(c -> c == '\n').count();
    }

    @Override
    public void close() {
        window.close();
    }
}
