package io.kq.cli.shell;

import io.kq.protocol.Suggestion;
import java.util.Collection;
import java.util.Comparator;

/** Guesses which known name was meant by one that is not known. */
public final class DidYouMean {

    private static final int PREFIX_CHARACTERS_MIN = 4;

    private DidYouMean() {}

    /** The shortest name that {@code typed} begins, else the nearest; empty: no idea. */
    public static String among(Collection<String> known, String typed) {
        return known.stream()
                .filter(name -> typed.length() >= PREFIX_CHARACTERS_MIN && name.startsWith(typed))
                .min(Comparator.comparingInt(String::length).thenComparing(name -> name))
                .or(() -> Suggestion.nearest(typed, known))
                .orElse("");
    }
}
