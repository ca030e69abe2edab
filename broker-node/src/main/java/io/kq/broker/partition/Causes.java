package io.kq.broker.partition;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a failed future says to its asker. */
final class Causes {

    private Causes() {}

    /** The rejection in {@code failure}; what is none is a fault of the store. */
    static RejectedException rejection(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof RejectedException rejected
                ? rejected
                : new RejectedException(
                        ErrorCode.STORAGE_FAULT, String.valueOf(cause), false, Map.of());
    }
}
