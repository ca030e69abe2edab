/**
 * {@code kq perf}: how fast it goes, measured as Kafka's tools do and reported in their lines.
 * Entry types: {@link io.kq.cli.perf.PerfProduceCommand}, {@link
 * io.kq.cli.perf.PerfConsumeCommand}. One thread sends or polls; acknowledgements are timed on the
 * client's thread. May call {@code cli.shell}, {@code cli.produce} and {@code cli.consume} (for
 * Kafka's settings), {@code client}, {@code runtime}.
 */
@NullMarked
package io.kq.cli.perf;

import org.jspecify.annotations.NullMarked;
