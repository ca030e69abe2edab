package io.kq.broker.rpc.log;

/**
 * Settings of the log service.
 *
 * @param nodeId this node
 * @param forwardEnabled whether requests for partitions that another node leads are passed on to
 *     it; else they are answered with NOT_LEADER
 * @param inflightBytesMax bytes of batches that were received and not answered yet, over all calls:
 *     beyond it batches are refused with OVERLOADED
 * @param inflightBytesPerConnectionMax the same of one connection: beyond it nothing more is read
 *     from its busy calls (flow control)
 */
public record LogServiceConfig(
        int nodeId,
        boolean forwardEnabled,
        long inflightBytesMax,
        long inflightBytesPerConnectionMax) {

    /** A quarter of the whole for one connection, at least one large message. */
    public static LogServiceConfig of(int nodeId, boolean forwardEnabled, long inflightBytesMax) {
        return new LogServiceConfig(
                nodeId,
                forwardEnabled,
                inflightBytesMax,
                Math.min(inflightBytesMax, Math.max(4L << 20, inflightBytesMax / 4)));
    }
}
