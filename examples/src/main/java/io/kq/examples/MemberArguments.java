package io.kq.examples;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.client.KqGroupConsumer;
import io.kq.client.group.GroupConfig;
import io.kq.protocol.RejectedException;
import java.time.Duration;

/**
 * What the examples with groups are started with.
 *
 * @param quietPolls ends when so many polls in a row have given nothing
 */
record MemberArguments(String bootstrap, String topic, String group, long quietPolls) {

    static final Duration POLL = Duration.ofMillis(200);

    /** The part of an example that may be refused something. */
    interface Body {
        void run(MemberArguments arguments) throws Exception;
    }

    /** Runs an example, and says what is wrong with its arguments or with the cluster. */
    static void run(String example, String[] arguments, Body body) {
        if (arguments.length < 3) {
            System.err.println("error: an address, a topic and a group are needed");
            System.err.println("  next: " + example + " 127.0.0.1:9092 TOPIC GROUP [IDLE_SECONDS]");
            System.exit(2);
        }
        try {
            body.run(
                    new MemberArguments(
                            arguments[0],
                            arguments[1],
                            arguments[2],
                            (arguments.length > 3 ? Long.parseLong(arguments[3]) : 3600) * 5));
        } catch (RejectedException refused) {
            System.err.println("error: " + refused.getMessage() + " [" + refused.code() + "]");
            System.exit(1);
        } catch (Exception e) {
            System.err.println("error: " + e);
            System.exit(1);
        }
    }

    /** A member that commits when it says so, and begins at the beginning. */
    KqGroupConsumer open() {
        ConsumerConfig defaults = ConsumerConfig.defaults();
        return KqGroupConsumer.open(
                ClientConfig.of(bootstrap),
                new ConsumerConfig(
                        defaults.partitionBytesMax(), defaults.prefetchBytesMax(), Reset.EARLIEST),
                GroupConfig.of(group).withoutAutoCommit());
    }
}
