package io.kq.client.rpc;

import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Which addresses were tried in vain, how often and why. Single thread. */
final class AttemptLog {

    private record Attempts(int count, String reason) {}

    private final Map<NodeAddress, Attempts> byAddress = new LinkedHashMap<>();

    /** Notes a try that failed; {@code reason} in a few words, no capital, no full stop. */
    void failed(NodeAddress address, String reason) {
        byAddress.merge(
                address,
                new Attempts(1, reason),
                (before, now) -> new Attempts(before.count() + 1, now.reason()));
    }

    /**
     * UNREACHABLE for a person: each address is a name in the metadata, its value is why, for
     * example {@code 127.0.0.1:1} = {@code connection refused (3 tries, 4.0 s)}.
     */
    RejectedException unreachable(Duration elapsed, boolean definite) {
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
