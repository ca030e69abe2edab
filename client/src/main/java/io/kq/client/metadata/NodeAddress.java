package io.kq.client.metadata;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;

/** Where a node takes requests of clients. */
public record NodeAddress(String host, int port) {

    /** The port of nodes that were started without naming one. */
    public static final int PORT_DEFAULT = 9092;

    private static final int PORT_MAX = 65_535;

    public NodeAddress {
        if (host.isEmpty() || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("not an address: '" + host + "' port " + port);
        }
    }

    /**
     * Reads {@code host:port}, {@code host} or {@code [v6-address]:port}.
     *
     * @throws RejectedException INVALID_ARGUMENT
     */
    public static NodeAddress parse(String text) {
        String trimmed = text.trim();
        int colon = trimmed.lastIndexOf(':');
        boolean hasPort = colon > trimmed.lastIndexOf(']') && trimmed.indexOf(':') >= 0;
        String host = hasPort ? trimmed.substring(0, colon) : trimmed;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = hasPort ? Integer.parseInt(trimmed.substring(colon + 1)) : PORT_DEFAULT;
            return new NodeAddress(host, port);
        } catch (IllegalArgumentException malformed) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + text + "' is not an address; write it as HOST:PORT");
        }
    }

    /** Reads all of them. @throws RejectedException INVALID_ARGUMENT */
    public static List<NodeAddress> parseAll(List<String> texts) {
        List<NodeAddress> addresses = new ArrayList<>();
        for (String text : texts) {
            addresses.add(parse(text));
        }
        return List.copyOf(addresses);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
