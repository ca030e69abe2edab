package io.kq.cli.shell;

import java.io.IOException;
import java.util.Locale;

/** Asks a person before something is gone for good. */
public final class Confirmation {

    private Confirmation() {}

    /**
     * Asks at a terminal; without one, and with {@code --no-input}, nobody is asked.
     *
     * @param otherwise what is said if the answer is no
     * @throws CommandFailure the answer is not yes
     */
    public static void require(Session session, String question, String otherwise) {
        if (!session.canAsk()) {
            return;
        }
        Terminal terminal = session.terminal();
        terminal.errorText(question + " [y/N] ");
        String answer = readLine(terminal).strip().toLowerCase(Locale.ROOT);
        if (!(answer.equals("y") || answer.equals("yes"))) {
            throw CommandFailure.local("NOT_CONFIRMED", otherwise, null)
                    .next("answer y, or add --no-input");
        }
    }

    private static String readLine(Terminal terminal) {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = terminal.in().read(); c >= 0 && c != '\n'; c = terminal.in().read()) {
                line.append((char) c);
            }
        } catch (IOException e) {
            return "";
        }
        return line.toString();
    }
}
