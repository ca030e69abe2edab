/**
 * What happened to a cluster as its clients saw it: one JSON object a line, in the order in which
 * it was seen, on one clock. A question is written before it is asked and an answer after it came,
 * so that of two operations one ended before the other began if the lines say so. Entry types:
 * {@link io.kq.system.history.HistoryWriter}, {@link io.kq.system.history.HistoryReader}. Calls the
 * runtime only.
 */
@NullMarked
package io.kq.system.history;

import org.jspecify.annotations.NullMarked;
