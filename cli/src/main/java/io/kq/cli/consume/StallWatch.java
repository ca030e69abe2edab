package io.kq.cli.consume;

import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.StallNotices;
import io.kq.client.KqConsumer.Range;
import io.kq.client.KqReader;
import io.kq.client.Stall;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks at partitions from which nothing can be read: says so to whoever waits, once, and again
 * when it is over; and ends a reading that was asked to reach an end and cannot. The command's
 * thread.
 */
final class StallWatch {

    private final Session session;
    private final KqReader consumer;
    private final StallNotices notices;

    StallWatch(Session session, KqReader consumer) {
        this.session = session;
        this.consumer = consumer;
        this.notices = StallNotices.ofReading(session);
    }

    /**
     * To be called after each poll: others may be read while one is not.
     *
     * @param ends up to where partitions are to be read; those that are not in it have no end
     * @throws io.kq.cli.shell.CommandFailure one of them could not be read for as long as a request
     *     may take
     */
    void look(Map<TopicPartition, Range> ends) {
        Map<TopicPartition, Stall> stalls = new TreeMap<>(consumer.stalls());
        notices.tell(stalls, true);
        Duration max = session.settings().client().requestTimeout();
        stalls.forEach(
                (partition, stall) -> {
                    Range range = ends.get(partition);
                    boolean unread = range != null && consumer.position(partition) < range.end();
                    if (unread && stall.lasts().compareTo(max) >= 0) {
                        throw Explanation.of(located(partition, stall.why()));
                    }
                });
    }

    private RejectedException located(TopicPartition partition, RejectedException why) {
        return why.with("partition", partition.toString())
                .with("offset", Long.toString(consumer.position(partition)));
    }
}
