package io.kq.metadata.raft;

import io.kq.metadata.record.AppliedEntry;
import java.nio.ByteBuffer;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** What apply answers the submitter, through Ratis. */
final class EntryReply {

    private static final int BYTES = 2 * Long.BYTES + 1;

    private EntryReply() {}

    static Message toMessage(AppliedEntry entry) {
        ByteBuffer bytes =
                ByteBuffer.allocate(BYTES)
                        .putLong(entry.index())
                        .putLong(entry.term())
                        .put((byte) (entry.ignored() ? 1 : 0))
                        .flip();
        return Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes));
    }

    static AppliedEntry fromMessage(Message message) {
        ByteBuffer bytes = message.getContent().asReadOnlyByteBuffer();
        return new AppliedEntry(bytes.getLong(), bytes.getLong(), bytes.get() != 0);
    }
}
