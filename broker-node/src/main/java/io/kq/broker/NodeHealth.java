package io.kq.broker;

import io.kq.broker.membership.BrokerState;
import io.kq.broker.rpc.server.HealthNames;
import io.kq.broker.rpc.server.NodeServer;
import io.kq.metadata.MetadataSource.Controller;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the health service how the node is. Serving is latched: once active, a lost session does
 * not make it unready, only broken disks or the end do. An orchestrator that took every node out of
 * service while the quorum is away would make it worse. Any thread.
 */
final class NodeHealth {

    private static final Logger log = LoggerFactory.getLogger(NodeHealth.class);

    private final NodeServer server;
    private final Set<String> failed = new HashSet<>();
    private int directoryCount = 1;
    private boolean active;

    NodeHealth(NodeServer server) {
        this.server = server;
    }

    synchronized void onState(BrokerState state) {
        switch (state) {
            case ACTIVE -> active = true;
            case DRAINING, STOPPED -> active = false;
            case NO_SESSION, FENCED -> {
                // Latched.
            }
        }
        tell();
    }

    void onController(Controller controller) {
        server.setHealth(HealthNames.METADATA, controller.nodeId() >= 0);
    }

    /** So many data directories were opened. */
    synchronized void storage(int opened) {
        directoryCount = opened;
        tell();
    }

    /**
     * A data directory stopped taking writes for good (its own log line says why): reads go on, and
     * so does the process, and the other directories; only with the last one the node takes no more
     * traffic.
     */
    synchronized void onDirectoryFailed(String where) {
        failed.add(where);
        if (!storageWorks()) {
            log.error("Takes no traffic until it is started anew where={}", where);
        }
        tell();
    }

    /** Why it should get no traffic; empty: it should. */
    synchronized Optional<String> notReady() {
        if (!storageWorks()) {
            return Optional.of("no data directory takes writes");
        }
        return active ? Optional.empty() : Optional.of("not an active member of its cluster");
    }

    private boolean storageWorks() {
        return failed.size() < directoryCount;
    }

    private synchronized void tell() {
        server.setHealth(HealthNames.LOG, notReady().isEmpty());
    }
}
