/**
 * {@code kq produce}: lines or JSON objects from standard input to records of a topic. Entry type:
 * {@link io.kq.cli.produce.ProduceCommand}. One thread reads and sends; acknowledgements are
 * counted on the client's. May call {@code cli.shell}, {@code client}, {@code protocol}, {@code
 * runtime}.
 */
@NullMarked
package io.kq.cli.produce;

import org.jspecify.annotations.NullMarked;
