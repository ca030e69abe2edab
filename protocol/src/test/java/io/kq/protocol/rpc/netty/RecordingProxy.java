package io.kq.protocol.rpc.netty;

import io.kq.runtime.Threads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;

/** Passes one connection on and keeps its bytes, to be read as HTTP/2 frames afterwards. */
final class RecordingProxy implements AutoCloseable {

    static final int DATA = 0;
    static final int SETTINGS = 4;

    private static final int CLIENT_PREFACE_BYTES = 24;
    private static final int FRAME_HEAD_BYTES = 9;

    private final ServerSocket listener;
    private final ExecutorService threads = Threads.bounded("proxy", 3, 3);
    private final ByteArrayOutputStream fromClient = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fromServer = new ByteArrayOutputStream();

    RecordingProxy(int targetPort) throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(targetPort));
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept(int targetPort) {
        try {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            threads.execute(() -> pump(client, server, fromClient));
            threads.execute(() -> pump(server, client, fromServer));
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void pump(Socket source, Socket target, ByteArrayOutputStream record) {
        byte[] buffer = new byte[64 * 1024];
        try (source;
                target) {
            InputStream in = source.getInputStream();
            OutputStream out = target.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                record.write(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    List<Frame> clientFrames() {
        return frames(fromClient.toByteArray(), CLIENT_PREFACE_BYTES);
    }

    List<Frame> serverFrames() {
        return frames(fromServer.toByteArray(), 0);
    }

    private static List<Frame> frames(byte[] bytes, int start) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int at = start;
        while (at + FRAME_HEAD_BYTES <= bytes.length) {
            int length = buffer.getInt(at) >>> 8;
            int type = bytes[at + 3];
            int payload = at + FRAME_HEAD_BYTES;
            if (payload + length > bytes.length) {
                break;
            }
            frames.add(new Frame(type, buffer.slice(payload, length)));
            at = payload + length;
        }
        return frames;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    /** An HTTP/2 frame. */
    record Frame(int type, ByteBuffer payload) {

        /** The value of a setting, -1 if it is not in the frame. */
        long setting(int id) {
            for (int at = 0; type == SETTINGS && at + 6 <= payload.remaining(); at += 6) {
                if (payload.getShort(at) == id) {
                    return payload.getInt(at + 2) & 0xffffffffL;
                }
            }
            return -1;
        }
    }
}
