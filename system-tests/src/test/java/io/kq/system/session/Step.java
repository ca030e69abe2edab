package io.kq.system.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a session. It begins with a mark; before that may stand the name of a window.
 *
 * <pre>
 * # a comment; empty lines are for the eye
 * $ COMMAND          run it in bash, to its end
 * 1| LINE            it printed this on standard output
 * 1~ LINE            the same, in any order among neighbours with this mark
 * 2| LINE            it printed this on standard error
 * exit N             it ended with this code; none stands for 0
 * ~$ COMMAND         run it again and again until it answers what stands below
 * !! EVENT           something happens to the cluster, if the player of the session has it happen
 *
 * reader $ COMMAND   start it in a window called reader, beside the others
 * reader 1| LINE     wait until it prints this, as its next line
 * reader &lt; TEXT      type this and Enter
 * reader ^C          SIGINT; ^D: the end of its input
 * reader exit N      wait for its end; it printed what stands above and nothing else
 *
 * typist % COMMAND   start it at a terminal
 * typist t| &gt;TEXT    wait for the prompt &gt;, type this and Enter
 * typist t| LINE     a line without a prompt: the terminal shows this
 * typist t| ^C       press Ctrl-C once it shows what stands above; also after &gt;, and ^D
 * </pre>
 *
 * <p>Within a line {@code \t} is a tab, {@code \s} a blank at its end, {@code \\} a backslash. What
 * differs from run to run is written as {@code <uuid>}, {@code <id>}, {@code <millis>}, {@code <n>}
 * or {@code <s>} (a number with decimals). {@code 127.0.0.1:9092} stands for the node's address.
 *
 * @param number of the line in the file
 * @param window empty: the one in which everything else waits
 */
record Step(int number, String window, Mark mark, String text) {

    /** What a line is. */
    enum Mark {
        RUN("$"),
        RUN_AT_TERMINAL("%"),
        RUN_UNTIL("~$"),
        EVENT("!!"),
        OUT("1|"),
        OUT_IN_ANY_ORDER("1~"),
        ERR("2|"),
        TERMINAL("t|"),
        TYPE("<"),
        INTERRUPT("^C"),
        END_INPUT("^D"),
        EXIT("exit");

        private final String text;

        Mark(String text) {
            this.text = text;
        }
    }

    private static final Pattern LINE =
            Pattern.compile("(?:([a-z][a-z0-9-]*) )?(\\S+)(?: (.*))?", Pattern.DOTALL);

    /** All steps of a session. */
    static List<Step> parse(String session) {
        List<Step> steps = new ArrayList<>();
        List<String> lines = session.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("#")) {
                steps.add(parse(i + 1, line));
            }
        }
        return steps;
    }

    private static Step parse(int number, String line) {
        Mark first = mark(line.split(" ", 2)[0]);
        if (first != null) {
            return new Step(number, "", first, afterMark(line, first));
        }
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && matcher.group(1) != null) {
            Mark mark = mark(matcher.group(2));
            if (mark != null) {
                String rest = line.substring(matcher.end(1) + 1);
                return new Step(number, matcher.group(1), mark, afterMark(rest, mark));
            }
        }
        throw new IllegalArgumentException("line " + number + " has no mark: " + line);
    }

    private static String afterMark(String line, Mark mark) {
        String rest = line.substring(mark.text.length());
        return rest.startsWith(" ") ? rest.substring(1) : rest;
    }

    private static @org.jspecify.annotations.Nullable Mark mark(String word) {
        return Arrays.stream(Mark.values())
                .filter(m -> m.text.equals(word))
                .findFirst()
                .orElse(null);
    }
}
