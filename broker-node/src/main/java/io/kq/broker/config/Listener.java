package io.kq.broker.config;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A port that this node wants to open, and what a person is told if it cannot.
 *
 * @param key of the setting that names it
 */
public record Listener(String key, HostPort address) {

    /**
     * To bind to.
     *
     * @throws StartRefusedException its name does not resolve
     */
    public InetSocketAddress socketAddress() {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw StartRefusedException.failed(
                    "ADDRESS_UNKNOWN",
                    key + "=" + address + ": the name " + address.host() + " does not resolve",
                    "give an address of this machine, or 0.0.0.0 for all");
        }
    }

    /**
     * Opens and closes it, for a listener whose real owner comes later, and says nothing that a
     * person would understand.
     *
     * @throws StartRefusedException it cannot be opened
     */
    public void requireFree() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(socketAddress());
        } catch (IOException e) {
            throw refusal(e);
        }
    }

    /** Why it could not be opened. */
    public StartRefusedException refusal(IOException failure) {
        return known(failure)
                .orElseGet(
                        () ->
                                StartRefusedException.failed(
                                        "LISTENER_FAILED",
                                        key + "=" + address + " cannot be opened: " + failure,
                                        "see the cause"));
    }

    /** The same; empty if the failure has nothing to do with a port. */
    public Optional<StartRefusedException> known(IOException failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (message.contains("in use")) {
                return refusal(
                        "ADDRESS_IN_USE",
                        "port "
                                + address.port()
                                + " on "
                                + address.host()
                                + " is taken by another process",
                        "stop it, or set " + key + " to another port");
            }
            if (message.contains("ermission denied")) {
                return refusal(
                        "PERMISSION_DENIED",
                        "port " + address.port() + " may not be opened by this user",
                        "set " + key + " to a port above 1023");
            }
            if (t instanceof BindException || message.contains("annot assign")) {
                return refusal(
                        "ADDRESS_UNKNOWN",
                        address.host() + " is no address of this machine (" + message + ")",
                        "set " + key + " to one that it has, or to 0.0.0.0");
            }
        }
        return Optional.empty();
    }

    private static Optional<StartRefusedException> refusal(
            String reason, String what, String next) {
        return Optional.of(StartRefusedException.failed(reason, what, next));
    }
}
