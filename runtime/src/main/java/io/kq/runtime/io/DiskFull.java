package io.kq.runtime.io;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Tells the one failure of a disk that goes away by itself: no space left. Any thread. */
public final class DiskFull {

    private static final int CAUSES_MAX = 16;

    private DiskFull() {}

    /** Whether {@code failure} is, or was caused by, a write for which there was no space. */
    public static boolean caused(Throwable failure) {
        return message(failure).isPresent();
    }

    /** What the system said of the full disk that caused {@code failure}. */
    public static Optional<String> message(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof IOException && saysSo(message)) {
                return Optional.of(message);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** The JDK tells ENOSPC and EDQUOT by their text only. */
    private static boolean saysSo(String message) {
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded");
    }
}
