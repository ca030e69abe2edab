package io.kq.cli.dev;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;

/**
 * What a dev directory remembers about its cluster from one start to the next.
 *
 * @param brokers how many nodes it has; never shrinks
 * @param voters how many of the first nodes vote on metadata; fixed when the cluster is born
 * @param portBase the client port of node 0
 */
record DevState(int brokers, int voters, int portBase) {

    static final int DEFAULT_PORT_BASE = 9092;

    private static final int BROKERS_MAX = 32;

    private static final int VOTERS_MAX = 3;

    /** The last port that node {@code brokers - 1} needs must exist. */
    private static final int PORT_BASE_MAX = 65_535 - 10 * BROKERS_MAX;

    /** A new cluster: one voter while a majority of two would help nobody, else three. */
    static DevState born(int brokers, int portBase) {
        int voters = brokers < VOTERS_MAX ? 1 : VOTERS_MAX;
        return new DevState(checkedBrokers(brokers), voters, checkedPortBase(portBase));
    }

    /** The same cluster with more nodes; the added ones store and serve but do not vote. */
    DevState grownTo(int wanted) {
        if (wanted < brokers) {
            throw CommandFailure.local(
                            "FEWER_BROKERS",
                            "The data is of " + brokers + " brokers, more than " + wanted + ".",
                            null)
                    .withExitCode(ExitCode.PRECONDITION)
                    .next("kq dev --brokers " + brokers)
                    .next("to throw the data away: kq dev --brokers " + wanted + " --fresh");
        }
        return new DevState(checkedBrokers(wanted), voters, portBase);
    }

    /**
     * The same cluster on other ports. Not for several voters: they know each other by the
     * addresses that Raft has agreed on, and a majority that moved at once would not find itself.
     */
    DevState movedTo(int wanted) {
        if (wanted != portBase && voters > 1) {
            throw CommandFailure.local(
                            "PORTS_ARE_FIXED",
                            "The data is of "
                                    + voters
                                    + " voters that know each other by the ports from "
                                    + portBase
                                    + " on.",
                            null)
                    .withExitCode(ExitCode.PRECONDITION)
                    .next("kq dev --port-base " + portBase)
                    .next("to throw the data away: kq dev --port-base " + wanted + " --fresh");
        }
        return new DevState(brokers, voters, checkedPortBase(wanted));
    }

    private static int checkedBrokers(int brokers) {
        if (brokers < 1 || brokers > BROKERS_MAX) {
            throw CommandFailure.usage(
                    "--brokers is " + brokers + "; it must be 1 to " + BROKERS_MAX);
        }
        return brokers;
    }

    private static int checkedPortBase(int portBase) {
        if (portBase < 1 || portBase > PORT_BASE_MAX) {
            throw CommandFailure.usage(
                    "--port-base is " + portBase + "; it must be 1 to " + PORT_BASE_MAX);
        }
        return portBase;
    }
}
