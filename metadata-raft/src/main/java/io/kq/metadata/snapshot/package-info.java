/**
 * Images of the metadata and of coordination shards in files that are there whole or not at all.
 */
@NullMarked
package io.kq.metadata.snapshot;

import org.jspecify.annotations.NullMarked;
