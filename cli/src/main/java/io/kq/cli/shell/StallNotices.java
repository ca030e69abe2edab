package io.kq.cli.shell;

import io.kq.client.Stall;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says to whoever waits that a partition cannot be used now and why, once, and again when it is
 * over. One thread at a time.
 */
public final class StallNotices {

    /** A leader that moves and a node that is started again are not worth a word. */
    private static final Duration TELL_AFTER = Duration.ofSeconds(2);

    private final Session session;
    private final String vain;
    private final String over;
    private final Set<TopicPartition> told = new TreeSet<>();

    private StallNotices(Session session, String vain, String over) {
        this.session = session;
        this.vain = vain;
        this.over = over;
    }

    /** For who waits for records. */
    public static StallNotices ofReading(Session session) {
        return new StallNotices(
                session, "WARNING: cannot read %s now, waiting: %s", "%s is read again.");
    }

    /** For who waits for acknowledgements. */
    public static StallNotices ofWriting(Session session) {
        return new StallNotices(
                session, "WARNING: cannot write %s now, trying on: %s", "%s is written again.");
    }

    /**
     * Says what is new.
     *
     * @param anythingPassed false: what is over has only been given up, which others tell
     */
    public void tell(Map<TopicPartition, Stall> stalls, boolean anythingPassed) {
        told.removeIf(
                partition -> {
                    boolean isOver = !stalls.containsKey(partition);
                    if (isOver && anythingPassed) {
                        session.notice(String.format(over, partition));
                    }
                    return isOver;
                });
        stalls.forEach(
                (partition, stall) -> {
                    boolean news = stall.lasts().compareTo(TELL_AFTER) >= 0;
                    if (news && told.add(partition)) {
                        RejectedException why = stall.why();
                        String reason = why.getMessage() + " [" + why.code() + "]";
                        session.notice(String.format(vain, partition, reason));
                    }
                });
    }
}
