package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerRules;
import io.kq.broker.partition.core.leader.LeaderRules;
import io.kq.metadata.placement.ReplicaRules;

/**
 * The rules that a simulated cluster plays by.
 *
 * @param shell what the shells around the deciding code have to see to
 */
public record Rules(
        LeaderRules leader, FollowerRules follower, ReplicaRules controller, ShellRules shell) {

    public static final Rules STANDARD =
            new Rules(
                    LeaderRules.STANDARD,
                    FollowerRules.STANDARD,
                    ReplicaRules.STRICT,
                    ShellRules.STANDARD);

    /**
     * Rules of the shells.
     *
     * @param rolesFromOwnImages a process takes roles only from images that show its registration
     *     (rule 33)
     * @param keepsUncleanMark a restart that could not register is unclean still at the next
     * @param acknowledgesDurable with fsync, what counts is on the disk
     */
    public record ShellRules(
            boolean rolesFromOwnImages, boolean keepsUncleanMark, boolean acknowledgesDurable) {
        public static final ShellRules STANDARD = new ShellRules(true, true, true);
    }

    Rules with(LeaderRules other) {
        return new Rules(other, follower, controller, shell);
    }

    Rules with(FollowerRules other) {
        return new Rules(leader, other, controller, shell);
    }

    Rules with(ReplicaRules other) {
        return new Rules(leader, follower, other, shell);
    }

    Rules with(ShellRules other) {
        return new Rules(leader, follower, controller, other);
    }
}
