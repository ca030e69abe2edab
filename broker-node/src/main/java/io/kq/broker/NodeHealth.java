package io.kq.broker;

import io.kq.broker.membership.BrokerState;
import io.kq.broker.rpc.server.HealthNames;
import io.kq.broker.rpc.server.NodeServer;
import io.kq.log.io.StorageFaultException;
import io.kq.metadata.MetadataSource.Controller;
import io.kq.runtime.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the health service how the node is. Serving is latched: once active, a lost session does
 * not make it unready, only a broken disk or the end does. An orchestrator that took every node out
 * of service while the quorum is away would make it worse. Any thread.
 */
final class NodeHealth implements FaultHandler {

    private static final Logger log = LoggerFactory.getLogger(NodeHealth.class);

    private final NodeServer server;
    private boolean diskFailed;
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

    /**
     * The log directory stopped taking writes (its own log line says why): reads go on, and so does
     * the process. A full disk passes and changes nothing here.
     */
    @Override
    public synchronized void onFault(String where, Throwable cause) {
        if (cause instanceof StorageFaultException fault && fault.diskFull()) {
            return;
        }
        log.error("Takes no traffic until it is started anew where={}", where);
        diskFailed = true;
        tell();
    }

    private void tell() {
        server.setHealth(HealthNames.LOG, active && !diskFailed);
    }
}
