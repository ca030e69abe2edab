package io.kq.cli.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

/**
 * Sees before anything is started whether the ports of a dev cluster are free: three nodes that
 * half start are harder to understand than one sentence.
 */
final class FreePorts {

    private FreePorts() {}

    /**
     * Returns if every port of every node can be listened on now.
     *
     * @throws DevRefusedException one cannot; names it, its use and a way out
     */
    static void check(List<DevNode> nodes) {
        for (DevNode node : nodes) {
            for (Map.Entry<String, Integer> use : node.ports().entrySet()) {
                if (!isFree(use.getValue())) {
                    throw taken(node, use.getKey(), use.getValue());
                }
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static DevRefusedException taken(DevNode node, String setting, int port) {
        return new DevRefusedException(
                DevRefusedException.FAILED,
                "PORT_IN_USE",
                "Port " + port + " is taken; node " + node.id() + " needs it (" + setting + ").",
                "stop what listens on it, or choose other ports: kq dev --port-base "
                        + otherBase(node.id(), port));
    }

    /** A base whose first ports are likely free: the same with ten thousand more. */
    private static int otherBase(int node, int port) {
        int base = port - port % 10 - 10 * node;
        int shifted = base + 10_000;
        return (shifted > 55_000 ? 19_090 : shifted) + 2;
    }
}
