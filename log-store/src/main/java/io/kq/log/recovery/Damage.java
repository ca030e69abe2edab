package io.kq.log.recovery;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.nio.file.Path;

/** The answer of a log whose data are not what they were known to be: refused, never repaired. */
public final class Damage {

    private Damage() {}

    /**
     * Says where, what was expected and what was found.
     *
     * @param problem both of them, for example {@code "expected base offset 7, found 9"}
     */
    public static RejectedException at(Path file, long position, String problem) {
        return new RejectedException(
                ErrorCode.STORAGE_FAULT,
                "damaged data: "
                        + file
                        + " at position "
                        + position
                        + ": "
                        + problem
                        + "; nothing was changed, the replica has to be fetched anew");
    }
}
