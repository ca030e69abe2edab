/**
 * What consumer groups cost: partitions that change hands, many members at once, commits. Each
 * class with a main method is one measurement; {@code benchmarks/groups.sh} runs them.
 */
@NullMarked
package io.kq.benchmark.group;

import org.jspecify.annotations.NullMarked;
