package io.kq.protocol.rpc;

import io.grpc.internal.CompositeReadableBuffer;
import io.grpc.internal.ForwardingReadableBuffer;
import io.grpc.internal.ReadableBuffer;
import io.grpc.internal.ReadableBuffers;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A message as gRPC hands it to a marshaller: its own stream over direct buffers cut at the given
 * places, each of which counts how often it is freed and is wiped then.
 */
final class CountedStream {

    private final List<Counted> buffers = new ArrayList<>();
    private final InputStream stream;

    CountedStream(byte[] message, int... cuts) {
        CompositeReadableBuffer all = new CompositeReadableBuffer();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : message.length;
            ByteBuffer part = ByteBuffer.allocateDirect(to - from);
            part.put(message, from, to - from).flip();
            Counted counted = new Counted(part);
            buffers.add(counted);
            all.addBuffer(counted);
            from = to;
        }
        stream = ReadableBuffers.openStream(all, true);
    }

    InputStream stream() {
        return stream;
    }

    /** How often each buffer was freed. */
    List<Integer> frees() {
        return buffers.stream().map(b -> b.frees).toList();
    }

    private static final class Counted extends ForwardingReadableBuffer {

        private final ByteBuffer memory;
        private int frees;

        Counted(ByteBuffer memory) {
            super(ReadableBuffers.wrap(memory.duplicate()));
            this.memory = memory;
        }

        @Override
        public ReadableBuffer readBytes(int length) {
            throw new UnsupportedOperationException("marshallers do not split buffers");
        }

        @Override
        public void close() {
            frees++;
            while (memory.hasRemaining()) {
                memory.put((byte) 0xdd);
            }
        }
    }
}
