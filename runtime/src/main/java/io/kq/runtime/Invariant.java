package io.kq.runtime;

import com.google.errorprone.annotations.FormatMethod;

/** Checks that stay on in production: a false one is a bug of kq, never of its caller's input. */
public final class Invariant {

    private Invariant() {}

    /**
     * Throws {@link IllegalStateException} with the formatted message unless {@code condition}
     * holds.
     *
     * @param format as in {@link String#format}
     */
    @FormatMethod
    public static void check(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw new IllegalStateException(
                    "invariant broken: " + String.format(format, arguments));
        }
    }
}
