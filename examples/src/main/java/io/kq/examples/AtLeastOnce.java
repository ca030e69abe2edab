package io.kq.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.ConsumerRecord;
import io.kq.client.KqGroupConsumer;
import io.kq.client.group.Subscription;
import java.util.List;

/**
 * At least once: committed when it was worked on. What dies with the process after the work and
 * before the commit is worked on again, so the work should be harmless when done twice.
 *
 * <p>Usage: {@code examples/run.sh AtLeastOnce HOST:PORT TOPIC GROUP [IDLE_SECONDS]}.
 */
public final class AtLeastOnce {

    private AtLeastOnce() {}

    /** See the class. */
    public static void main(String[] arguments) {
        MemberArguments.run("AtLeastOnce", arguments, AtLeastOnce::run);
    }

    private static void run(MemberArguments arguments) {
        try (KqGroupConsumer consumer = arguments.open()) {
            consumer.subscribe(Subscription.topics(arguments.topic()));
            for (long quiet = 0; quiet < arguments.quietPolls(); quiet++) {
                List<ConsumerRecord> records = consumer.poll(MemberArguments.POLL);
                if (!records.isEmpty()) {
                    records.forEach(record -> System.out.println(work(record)));
                    consumer.commit(); // last: until here somebody else would get them again
                    quiet = 0;
                }
            }
        }
    }

    private static String work(ConsumerRecord record) {
        return record.partition() + " " + record.offset() + " " + new String(record.value(), UTF_8);
    }
}
