package io.kq.broker.rpc;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.rpc.FrameBody;
import java.io.IOException;
import java.io.OutputStream;

/** A piece of a log: from the file to the transport, read once. */
public record SliceBody(LogSlice slice) implements FrameBody {

    @Override
    public int sizeBytes() {
        return slice.sizeBytes();
    }

    @Override
    public void writeTo(OutputStream out, byte[] scratch) throws IOException {
        slice.writeTo(out, scratch);
    }

    @Override
    public void close() {
        slice.close();
    }
}
