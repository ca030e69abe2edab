package io.kq.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.ConsumerRecord;
import io.kq.client.KqGroupConsumer;
import io.kq.client.group.Subscription;
import java.util.List;

/**
 * At most once: committed as soon as it was received. What dies with the process while it works is
 * never worked on again.
 *
 * <p>Usage: {@code examples/run.sh AtMostOnce HOST:PORT TOPIC GROUP [IDLE_SECONDS]}.
 */
public final class AtMostOnce {

    private AtMostOnce() {}

    /** See the class. */
    public static void main(String[] arguments) {
        MemberArguments.run("AtMostOnce", arguments, AtMostOnce::run);
    }

    private static void run(MemberArguments arguments) {
        try (KqGroupConsumer consumer = arguments.open()) {
            consumer.subscribe(Subscription.topics(arguments.topic()));
            for (long quiet = 0; quiet < arguments.quietPolls(); quiet++) {
                List<ConsumerRecord> records = consumer.poll(MemberArguments.POLL);
                if (!records.isEmpty()) {
                    consumer.commit(); // first: from here on nobody gets them again
                    records.forEach(record -> System.out.println(work(record)));
                    quiet = 0;
                }
            }
        }
    }

    private static String work(ConsumerRecord record) {
        return record.partition() + " " + record.offset() + " " + new String(record.value(), UTF_8);
    }
}
