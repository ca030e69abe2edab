package io.kq.client.metadata;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Which addresses were tried in vain, how often and why. Single thread. */
public final class AttemptLog {

    private record Attempts(int count, String reason) {}

    private final Map<NodeAddress, Attempts> byAddress = new LinkedHashMap<>();

    /** Notes a try that failed; {@code reason} in a few words, no capital, no full stop. */
    public void failed(NodeAddress address, String reason) {
        byAddress.merge(
                address,
                new Attempts(1, reason),
                (before, now) -> new Attempts(before.count() + 1, now.reason()));
    }

    /** Forgets everything: a node answered. */
    public void clear() {
        byAddress.clear();
    }

    /**
     * UNREACHABLE for a person: each address is a name in the metadata, its value is why, for
     * example {@code 127.0.0.1:1} = {@code connection refused (3 tries, 4.0 s)}.
     *
     * @param definite whether no request can have reached a node
     */
    public RejectedException unreachable(Duration elapsed, boolean definite) {
        Map<String, String> facts = new LinkedHashMap<>();
        byAddress.forEach(
                (address, attempts) ->
                        facts.put(
                                address.toString(),
                                String.format(
                                        Locale.ROOT,
                                        "%s (%d %s, %.1f s)",
                                        attempts.reason(),
                                        attempts.count(),
                                        attempts.count() == 1 ? "try" : "tries",
                                        elapsed.toMillis() / 1000.0)));
        return new RejectedException(ErrorCode.UNREACHABLE, "no broker answered.", definite, facts);
    }
}
