package io.kq.log.recovery;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.file.Path;

/**
 * Data on the disk that are not what they were known to be. Never repaired, never cut off: the
 * replica is quarantined.
 *
 * @param file where
 * @param position in the file
 * @param problem what was expected and what was found, for example {@code "expected base offset 7,
 *     found 9"}
 */
public record Damage(Path file, long position, String problem) {

    /** Damage as something to throw. */
    public static DamagedLogException at(Path file, long position, String problem) {
        return new DamagedLogException(new Damage(file, position, problem));
    }

    /** Where, what was expected and what was found. */
    public String text() {
        return "damaged data: " + file + " at position " + position + ": " + problem;
    }

    /** What to answer those who want to read or write the replica. */
    public RejectedException refusal() {
        return new RejectedException(
                ErrorCode.STORAGE_FAULT,
                text() + "; nothing was changed, the replica has to be fetched anew");
    }
}
