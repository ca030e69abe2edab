package io.kq.metadata.controller;

import io.kq.protocol.RejectedException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who is told what became of an operation. Exactly one of the two is called, once, on the loop. */
record Outcome<R>(Consumer<R> onReply, Consumer<RejectedException> onRefusal) {

    /** A caller who waits. */
    static <R> Outcome<R> to(CompletableFuture<R> future) {
        return new Outcome<>(future::complete, future::completeExceptionally);
    }

    /** Nobody. */
    static <R> Outcome<R> ignored() {
        return new Outcome<>(reply -> {}, refusal -> {});
    }
}
