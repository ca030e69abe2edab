package io.kq.cli.produce;

import io.kq.client.ProducerRecord;
import io.kq.client.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a record of a line. One thread. */
interface RecordFormat {

    /**
     * The record that this line says; it may keep the array.
     *
     * @throws UnreadableLineException it says none
     */
    ProducerRecord parse(byte[] line) throws UnreadableLineException;

    /**
     * A record; javac does not write into the class file of the record's constructor that its
     * arrays may be null, so that NullAway must be told once.
     */
    @SuppressWarnings("NullAway")
    static ProducerRecord record(
            String topic,
            int partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<RecordHeader> headers,
            long timestampMillis) {
        return new ProducerRecord(topic, partition, key, value, headers, timestampMillis);
    }

    /** A line that is no record. The message is the rest of a sentence about it. */
    final class UnreadableLineException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableLineException(String message) {
            super(message);
        }

        String message() {
            return String.valueOf(getMessage());
        }
    }
}
