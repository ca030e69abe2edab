package io.kq.metadata.controller;

import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import java.util.concurrent.CompletableFuture;

/**
 * Where decided batches go to be agreed on. The adapter to the consensus library has a method of
 * this shape; neither knows the other.
 */
@FunctionalInterface
public interface RecordLog {

    /**
     * Appends a batch as one entry. Any thread; never blocks.
     *
     * @return completes when the entry was applied on this node. A failure of any kind means that
     *     the outcome is unknown: the entry may still be committed.
     */
    CompletableFuture<AppliedEntry> append(MetadataBatch batch);
}
