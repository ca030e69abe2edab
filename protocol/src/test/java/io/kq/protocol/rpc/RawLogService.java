package io.kq.protocol.rpc;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.kq.v1.LogServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The hot methods as bytes: shows what really crosses the wire. */
public final class RawLogService {

    public static final MethodDescriptor<byte[], byte[]> PRODUCE =
            LogServiceGrpc.getProduceMethod().toBuilder(new Bytes(), new Bytes()).build();
    public static final MethodDescriptor<byte[], byte[]> FETCH =
            LogServiceGrpc.getFetchMethod().toBuilder(new Bytes(), new Bytes()).build();

    private RawLogService() {}

    private static final class Bytes implements Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
