package io.kq.system.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Shell;
import io.kq.system.session.Step.Mark;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plays one session: types what its file says, and checks that all is answered as it says. */
public final class SessionPlayer {

    /** How the files write the node's address. */
    private static final String ADDRESS = "127.0.0.1:9092";

    private static final String MAIN = "";

    private static final Duration REPEATED_MAX = Duration.ofSeconds(60);

    private final String name;
    private final Shell shell;
    private final String address;
    private final Consumer<String> events;
    private final Map<String, OpenWindow> windows = new TreeMap<>();

    /** Opens the command that is being run again and again; null: there is none. */
    private @Nullable Runnable repeated;

    /**
     * A player.
     *
     * @param name of the session, for messages
     * @param address of the node that the session speaks of
     */
    public SessionPlayer(String name, Shell shell, String address) {
        this(name, shell, address, event -> {});
    }

    /**
     * The same, where things happen.
     *
     * @param events told of each, by its name
     */
    public SessionPlayer(String name, Shell shell, String address, Consumer<String> events) {
        this.events = events;
        this.name = name;
        this.shell = shell;
        this.address = address;
    }

    /** Plays it to its end; fails at the first answer that differs. */
    public void play(String session) {
        try {
            for (Step step : Step.parse(session)) {
                boolean begins =
                        step.mark() == Mark.RUN
                                || step.mark() == Mark.RUN_UNTIL
                                || step.mark() == Mark.EVENT
                                || step.mark() == Mark.RUN_AT_TERMINAL
                                || !step.window().equals(MAIN);
                if (begins) {
                    endMain(0);
                }
                perform(step);
            }
            endMain(0);
            assertThat(windows.keySet()).as("windows of %s without an exit line", name).isEmpty();
        } finally {
            windows.values().forEach(OpenWindow::close);
        }
    }

    private void perform(Step step) {
        boolean beside = !step.window().equals(MAIN);
        String text = step.text();
        switch (step.mark()) {
            case RUN, RUN_AT_TERMINAL, RUN_UNTIL -> open(step);
            case EVENT -> events.accept(text);
            case OUT -> window(step).expectOut(text, false, beside);
            case OUT_IN_ANY_ORDER -> window(step).expectOut(text, true, beside);
            case ERR -> window(step).expectErr(text, beside);
            case TERMINAL -> window(step).terminalLine(text);
            case TYPE -> window(step).type(text);
            case INTERRUPT -> window(step).interrupt();
            case END_INPUT -> window(step).endInput();
            case EXIT -> end(step.window(), Integer.parseInt(text.strip()));
        }
    }

    private void open(Step step) {
        boolean atTerminal = step.mark() == Mark.RUN_AT_TERMINAL;
        boolean main = step.window().equals(MAIN);
        if (!main && windows.containsKey(step.window())) {
            throw new IllegalArgumentException(where(step) + ": this window is in use");
        }
        String line = step.text().replace(ADDRESS, address);
        OpenWindow window =
                new OpenWindow(
                        atTerminal ? shell.openAtTerminal(line) : shell.open(line),
                        where(step) + " " + step.text(),
                        atTerminal,
                        output -> output.replace(address, ADDRESS));
        windows.put(step.window(), window);
        repeated = step.mark() == Mark.RUN_UNTIL ? () -> open(step) : null;
        if (main && !atTerminal) {
            window.endInput();
        }
    }

    private OpenWindow window(Step step) {
        OpenWindow window = windows.get(step.window());
        if (window == null) {
            throw new IllegalArgumentException(where(step) + ": nothing runs in this window");
        }
        return window;
    }

    private void endMain(int exitCode) {
        if (windows.containsKey(MAIN)) {
            end(MAIN, exitCode);
        }
    }

    /** Runs the command anew as long as it says something else. */
    private void endRepeated(OpenWindow first, int exitCode, Runnable again) {
        OpenWindow window = first;
        long deadline = System.nanoTime() + REPEATED_MAX.toNanos();
        while (true) {
            try (OpenWindow present = window) {
                present.end(exitCode);
                return;
            } catch (AssertionError differs) {
                if (System.nanoTime() - deadline > 0) {
                    throw differs;
                }
            }
            again.run();
            OpenWindow next = windows.remove(MAIN);
            if (next == null) {
                throw new IllegalStateException("not opened again");
            }
            next.expectSameAs(window);
            window = next;
        }
    }

    private void end(String windowName, int exitCode) {
        OpenWindow window = windows.remove(windowName);
        if (window == null) {
            throw new IllegalArgumentException(name + ": exit, but nothing runs");
        }
        Runnable again = repeated;
        if (windowName.equals(MAIN) && again != null) {
            repeated = null;
            endRepeated(window, exitCode, again);
            return;
        }
        try (window) {
            window.end(exitCode);
        }
    }

    private String where(Step step) {
        return name + ":" + step.number();
    }
}
