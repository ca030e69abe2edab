package io.kq.log.recovery;

import java.util.Optional;

/**
 * What opening a partition's log found and did.
 *
 * @param clean the last stop was clean: nothing had to be read
 * @param scannedBytes bytes read to find the end and to rebuild what is known of producers
 * @param cutBytes bytes cut off as a torn tail
 * @param cut where and why bytes were cut, if any were
 * @param logEndOffset where the log ends now
 */
public record RecoveryReport(
        boolean clean, long scannedBytes, long cutBytes, Optional<String> cut, long logEndOffset) {

    /** Nothing was read and nothing cut. */
    public static RecoveryReport cleanAt(long logEndOffset) {
        return new RecoveryReport(true, 0, 0, Optional.empty(), logEndOffset);
    }
}
