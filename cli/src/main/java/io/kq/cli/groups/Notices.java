package io.kq.cli.groups;

import io.kq.cli.shell.Session;
import io.kq.client.admin.GroupDescription;

/** What is said beside a description, as Kafka says it. */
final class Notices {

    private Notices() {}

    /** A blank line, and that the group has no members if so. */
    static void beforeDescription(Session session, GroupDescription group) {
        if (group.members().isEmpty()) {
            session.notice("");
            session.notice(
                    "Consumer group '" + group.listing().group() + "' has no active members.");
        } else if (group.listing().state().equals("Reconciling")) {
            session.notice("");
            session.notice(
                    "Warning: Consumer group '" + group.listing().group() + "' is rebalancing.");
        }
        session.terminal().println("");
    }
}
