package io.kq.broker.rpc.server;

/** Names in the health service. */
public final class HealthNames {

    /** The process: serving until it stops. Never depends on others. */
    public static final String PROCESS = "";

    /** This node takes produce and fetch traffic. */
    public static final String LOG = "kq.v1.LogService";

    /** This node knows an active controller. */
    public static final String METADATA = "kq.metadata";

    private HealthNames() {}
}
