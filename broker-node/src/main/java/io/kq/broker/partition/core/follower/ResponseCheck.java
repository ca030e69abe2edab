package io.kq.broker.partition.core.follower;

/** The rule by which a follower believes what a leader says (rule 9, R11). */
@FunctionalInterface
public interface ResponseCheck {

    /** Whether the words of {@code generation} and {@code leaderEpoch} are for the follower now. */
    boolean accepts(FollowerState state, long generation, int leaderEpoch);

    /** They belong to the present subscription, and to the leader that the image shows. */
    ResponseCheck STRICT =
            (state, generation, leaderEpoch) ->
                    state.isSubscribed()
                            && generation == state.generation()
                            && leaderEpoch == state.leader().leaderEpoch();
}
