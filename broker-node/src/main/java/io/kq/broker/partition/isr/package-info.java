/**
 * Between leaders and the metadata quorum: what the image says of an ISR, and how leaders ask for
 * another one. Decides nothing. May call {@code broker.membership}, {@code metadata}, {@code
 * partition.core.leader}, {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.partition.isr;

import org.jspecify.annotations.NullMarked;
