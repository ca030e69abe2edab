package io.kq.protocol.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages of the shape {@code { repeated Item items = 1; }} with {@code Item { ...; oneof {
 * Records plain = 14; bytes packed = 15; } }}: ProduceRequest and FetchResponse. The packed bytes
 * stay where they are; all other fields, which are few and small, go through the generated parser.
 * So what counts as well-formed, which of two equal fields wins and what an unknown field does is
 * as with the generated classes. Any thread.
 *
 * @param <H> the generated item
 * @param <I> what an item becomes
 * @param <T> what the message becomes
 */
final class InboundMarshaller<H extends MessageLite, I, T> implements Marshaller<T> {

    private static final int ITEMS_TAG =
            ProduceRequest.BATCHES_FIELD_NUMBER << 3 | WireReader.LENGTH_DELIMITED;
    private static final int PLAIN_TAG =
            ProduceBatch.PLAIN_FIELD_NUMBER << 3 | WireReader.LENGTH_DELIMITED;
    private static final int PACKED_TAG =
            ProduceBatch.PACKED_FIELD_NUMBER << 3 | WireReader.LENGTH_DELIMITED;

    private final String messageName;
    private final Parser<H> heads;
    private final ItemMaker<H, I> itemMaker;
    private final MessageMaker<I, T> messageMaker;

    InboundMarshaller(
            String messageName,
            Parser<H> heads,
            ItemMaker<H, I> itemMaker,
            MessageMaker<I, T> messageMaker) {
        this.messageName = messageName;
        this.heads = heads;
        this.itemMaker = itemMaker;
        this.messageMaker = messageMaker;
    }

    /** Makes an item of the fields other than packed, and of packed if that is the payload. */
    @FunctionalInterface
    interface ItemMaker<H, I> {
        I make(H head, ByteBuffer @Nullable [] packed);
    }

    /** Makes the message, which owns {@code bytes} from then on. */
    @FunctionalInterface
    interface MessageMaker<I, T> {
        T make(List<I> items, TransportMessage bytes);
    }

    @Override
    public InputStream stream(T message) {
        throw new UnsupportedOperationException(messageName + " is received here, not sent");
    }

    /**
     * Reads one message.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it is malformed; then all buffers
     *     have been freed
     */
    @Override
    public T parse(InputStream stream) {
        try {
            TransportMessage bytes = TransportMessage.take(stream);
            try {
                return messageMaker.make(readItems(new WireReader(bytes.parts())), bytes);
            } catch (InvalidProtocolBufferException | RuntimeException e) {
                bytes.close();
                throw e;
            }
        } catch (IOException malformed) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("not a " + messageName + ": " + malformed.getMessage())
                    .withCause(malformed)
                    .asRuntimeException();
        }
    }

    private List<I> readItems(WireReader in) throws InvalidProtocolBufferException {
        List<I> items = new ArrayList<>();
        Scratch head = new Scratch();
        Scratch plain = new Scratch();
        while (!in.atEnd()) {
            int tag = in.readTag();
            if (tag == ITEMS_TAG) {
                int outer = in.enter(in.readLength());
                items.add(readItem(in, head, plain));
                in.leave(outer);
            } else {
                in.skipField(tag);
            }
        }
        return items;
    }

    private I readItem(WireReader in, Scratch head, Scratch plain)
            throws InvalidProtocolBufferException {
        head.clear();
        plain.clear();
        ByteBuffer[] packed = null;
        while (!in.atEnd()) {
            int tag = in.readTag();
            if (tag == PACKED_TAG) {
                packed = in.take(in.readLength());
                drop(plain);
            } else if (tag == PLAIN_TAG) {
                plain.putField(tag, in);
                packed = null;
            } else {
                head.putField(tag, in);
            }
        }
        head.append(plain);
        return itemMaker.make(heads.parseFrom(head.bytes, 0, head.size), packed);
    }

    /** What a later field of the same oneof replaces must be well-formed all the same. */
    private void drop(Scratch replaced) throws InvalidProtocolBufferException {
        if (replaced.size > 0) {
            heads.parseFrom(replaced.bytes, 0, replaced.size);
            replaced.clear();
        }
    }

    /** Fields copied aside for the generated parser. */
    private static final class Scratch {

        private byte[] bytes = new byte[128];
        private int size;

        void clear() {
            size = 0;
        }

        void putField(int tag, WireReader in) throws InvalidProtocolBufferException {
            switch (tag & 7) {
                case WireReader.VARINT -> {
                    putVarint(tag);
                    putVarint(in.readVarint());
                }
                case WireReader.LENGTH_DELIMITED -> {
                    int length = in.readLength();
                    putVarint(tag);
                    putVarint(length);
                    ensure(length);
                    in.copy(bytes, size, length);
                    size += length;
                }
                default -> in.skipField(tag); // No field of the messages has another wire type.
            }
        }

        void append(Scratch other) {
            ensure(other.size);
            System.arraycopy(other.bytes, 0, bytes, size, other.size);
            size += other.size;
        }

        private void putVarint(long value) {
            ensure(10);
            long bits = value;
            while ((bits & ~0x7fL) != 0) {
                bytes[size++] = (byte) (bits | 0x80);
                bits >>>= 7;
            }
            bytes[size++] = (byte) bits;
        }

        private void ensure(int count) {
            if (count > bytes.length - size) {
                bytes = Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
            }
        }
    }
}
