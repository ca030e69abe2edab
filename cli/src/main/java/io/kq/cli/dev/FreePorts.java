package io.kq.cli.dev;

import io.kq.cli.shell.CommandFailure;
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
     * @throws CommandFailure one cannot; names it, its use and a way out
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

    private static CommandFailure taken(DevNode node, String setting, int port) {
        return CommandFailure.local(
                        "PORT_IN_USE",
                        "Port %d is taken; node %d needs it for %s."
                                .formatted(port, node.id(), setting),
                        null)
                .next("stop what listens on it")
                .next("or choose other ports: kq dev --port-base " + otherBase(node));
    }

    /** A base whose first ports are likely free: the same with ten thousand more. */
    private static int otherBase(DevNode node) {
        int base = node.clientPort() - 10 * node.id();
        return base < 40_000 ? base + 10_000 : base - 20_000;
    }
}
