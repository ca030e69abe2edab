/**
 * Decided facts: the sealed set of metadata records. Pure values; no time, no chance, no protobuf.
 * Entry type: MetadataRecord. May call protocol, runtime.
 */
@NullMarked
package io.kq.metadata.record;

import org.jspecify.annotations.NullMarked;
