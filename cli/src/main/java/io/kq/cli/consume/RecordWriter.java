package io.kq.cli.consume;

import io.kq.cli.shell.Terminal;
import io.kq.client.ConsumerRecord;

/** Writes records to standard output in one of the ways that can be asked for. One thread. */
interface RecordWriter {

    /** Before the first record. */
    default void begin(Terminal terminal) {}

    void write(Terminal terminal, ConsumerRecord record);

    /** After the last record, also when there was none. */
    default void end(Terminal terminal) {}
}
