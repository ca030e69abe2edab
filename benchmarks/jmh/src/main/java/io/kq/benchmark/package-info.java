/**
 * Measurements of the log store, run by {@code benchmarks/log-store.sh} and never by the build. The
 * classes named {@code ...Benchmark} are JMH's; those with a {@code main} are processes that are
 * measured from outside, or killed. Nothing may call this. May call log, protocol, runtime.
 */
@NullMarked
package io.kq.benchmark;

import org.jspecify.annotations.NullMarked;
