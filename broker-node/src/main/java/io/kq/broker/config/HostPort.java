package io.kq.broker.config;

import java.util.Set;

/**
 * An address as an operator writes it. Port 0 in a listener means a free one.
 *
 * @param host a name or address; IPv6 without brackets
 */
public record HostPort(String host, int port) {

    private static final int PORT_MAX = 65_535;
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    /** Parses {@code host:port} or {@code [v6 address]:port}. */
    public static HostPort parse(String text) {
        if (text.contains("://")) {
            throw new IllegalArgumentException("has a scheme; write host:port");
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("has no port; write host:port");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "has more than one ':'; write an IPv6 address as [::1]:9092");
        }
        if (host.isEmpty() || host.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "has no host; write host:port (0.0.0.0 listens on all addresses)");
        }
        return new HostPort(host, port(text.substring(colon + 1)));
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Same answer as out of range.
        }
        throw new IllegalArgumentException("has no port of 0 .. " + PORT_MAX + " after the ':'");
    }

    /** The same host with another port. */
    public HostPort withPort(int other) {
        return new HostPort(host, other);
    }

    /** Whether it means "all addresses of this machine": fit to listen on, not to be dialled. */
    public boolean isWildcard() {
        return WILDCARDS.contains(host);
    }

    /** Whether only this machine can reach it, judged by the text alone: no name is looked up. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d+){3}");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** A voter's node port. */
    public record Peer(int nodeId, HostPort address) {

        static Peer parse(String text) {
            int at = text.indexOf('@');
            if (at <= 0) {
                throw new IllegalArgumentException(
                        "has an entry without an id; write 0@host:9094,1@host:9094,2@host:9094");
            }
            int id;
            try {
                id = Integer.parseInt(text.substring(0, at));
            } catch (NumberFormatException e) {
                id = -1;
            }
            if (id < 0) {
                throw new IllegalArgumentException(
                        "has a node id that is not a number: " + text.substring(0, at));
            }
            return new Peer(id, HostPort.parse(text.substring(at + 1)));
        }

        @Override
        public String toString() {
            return nodeId + "@" + address;
        }
    }
}
