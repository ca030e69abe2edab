package io.kq.client.admin;

import io.kq.protocol.RejectedException;
import java.util.Optional;

/**
 * What deleting records of one partition came to.
 *
 * @param logStartOffset the first offset that still exists; -1 if it was refused
 * @param refusal if it is not {@code definite}, they may have been deleted
 */
public record DeletionOutcome(long logStartOffset, Optional<RejectedException> refusal) {

    /** They are gone. */
    public static DeletionOutcome done(long logStartOffset) {
        return new DeletionOutcome(logStartOffset, Optional.empty());
    }

    /** They are there, or nobody knows. */
    public static DeletionOutcome refused(RejectedException why) {
        return new DeletionOutcome(-1, Optional.of(why));
    }
}
