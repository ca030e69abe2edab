package io.kq.log;

import com.google.errorprone.annotations.FormatMethod;

/** Tells on stdout what a history does, with {@code -Dkq.crash.trace=true}. */
final class CrashTrace {

    private static final boolean ON = Boolean.getBoolean("kq.crash.trace");

    private CrashTrace() {}

    /** One line, as {@link String#format} makes it. */
    @FormatMethod
    static void say(String format, Object... values) {
        if (ON) {
            System.out.println(String.format(format, values));
        }
    }
}
