package io.kq.cli.groups;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupListing;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which groups are meant. */
final class GroupSelection {

    @Option(
            names = {"-g", "--group"},
            paramLabel = "G",
            description = "A group. Can be given again.")
    List<String> groups = new ArrayList<>();

    @Option(names = "--all-groups", description = "All groups.")
    boolean all;

    boolean isEmpty() {
        return groups.isEmpty() && !all;
    }

    /** Refuses a verb without groups. */
    void require(String verb) {
        if (isEmpty()) {
            throw CommandFailure.usage(verb + " needs --group or --all-groups");
        }
        if (all && !groups.isEmpty()) {
            throw CommandFailure.usage("--group goes without --all-groups");
        }
    }

    /** The one group of a verb that has one. */
    String one(String verb) {
        if (all || groups.size() != 1) {
            throw CommandFailure.usage(verb + " needs one --group");
        }
        return groups.get(0);
    }

    List<String> names(Session session) {
        return all
                ? session.await(session.admin().listGroups()).stream()
                        .map(GroupListing::group)
                        .toList()
                : groups;
    }

    /** All that are meant; one that was named and is not there is an error. */
    List<GroupDescription> describe(Session session) {
        List<GroupDescription> described = new ArrayList<>();
        for (String name : names(session)) {
            try {
                described.add(session.await(session.admin().describeGroup(name)));
            } catch (RejectedException e) {
                if (e.code() != ErrorCode.GROUP_NOT_FOUND) {
                    throw e;
                }
                if (!all) {
                    throw notFound(session, e, name);
                }
            }
        }
        return described;
    }

    /** A group that was named and does not exist: says which one may have been meant. */
    static CommandFailure notFound(Session session, RejectedException why, String name) {
        return CommandFailure.from(why, "Consumer group '" + name + "' does not exist.")
                .didYouMean(Suggestion.nearest(name, others(session)).orElse(""))
                .next("kq groups --list");
    }

    /** A suggestion is worth one more call, and never a second failure. */
    private static List<String> others(Session session) {
        try {
            return session.await(session.admin().listGroups()).stream()
                    .map(GroupListing::group)
                    .toList();
        } catch (RejectedException e) {
            return List.of();
        }
    }

    /** A group has members, and what was asked for needs one that has none. */
    static CommandFailure notEmpty(RejectedException why, String name) {
        return CommandFailure.from(why)
                .next(
                        "stop its consumers first; kq groups --describe --group "
                                + name
                                + " --members shows them");
    }
}
