package io.kq.broker.partition.core.follower;

/**
 * The rules of a follower that history has got wrong before, each on its own, so that a test can
 * put the wrong one in its place and see the checker find it.
 *
 * @param cutsCommitted whether a cut below the high watermark is made as any other (rule 7: it is
 *     not)
 */
public record FollowerRules(Truncation truncation, ResponseCheck responses, boolean cutsCommitted) {

    /** kq's. */
    public static final FollowerRules STANDARD =
            new FollowerRules(Truncation.BY_EPOCH, ResponseCheck.STRICT, false);
}
