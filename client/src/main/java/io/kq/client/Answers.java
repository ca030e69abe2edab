package io.kq.client;

import io.kq.protocol.RejectedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for what the loop will say. */
final class Answers {

    private Answers() {}

    /** The answer; throws the {@link RejectedException} that it failed with. */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RejectedException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
