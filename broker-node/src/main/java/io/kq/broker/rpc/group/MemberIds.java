package io.kq.broker.rpc.group;

import io.kq.runtime.RandomSource;

/** Names for new members (rule 1). Any thread. */
final class MemberIds {

    private static final String NO_CLIENT_ID = "consumer";

    private final RandomSource random;

    MemberIds(RandomSource random) {
        this.random = random;
    }

    /** As Kafka's: the client's own id first. */
    synchronized String next(String clientId) {
        return (clientId.isEmpty() ? NO_CLIENT_ID : clientId) + "-" + random.nextUuid();
    }
}
