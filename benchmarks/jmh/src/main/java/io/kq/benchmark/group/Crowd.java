package io.kq.benchmark.group;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.KqAdmin;
import io.kq.client.KqGroupConsumer;
import io.kq.client.admin.GroupDescription;
import io.kq.client.group.GroupConfig;
import io.kq.client.group.Subscription;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Many members that join at the same moment, in this process, and then one more: how long until
 * each has its share, and how many partitions the last one moved.
 *
 * <p>Arguments: bootstrap servers, topic, group, members.
 */
public final class Crowd {

    private final String bootstrap;
    private final String topic;
    private final String group;
    private final KqAdmin admin;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    private Crowd(String bootstrap, String topic, String group) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
        this.admin = KqAdmin.open(ClientConfig.of(bootstrap));
    }

    public static void main(String[] args) throws InterruptedException {
        Crowd crowd = new Crowd(args[0], args[1], args[2]);
        int members = Integer.parseInt(args[3]);
        List<KqGroupConsumer> consumers = new ArrayList<>();
        for (int i = 0; i <= members; i++) {
            consumers.add(crowd.open());
        }
        long begun = System.nanoTime();
        consumers.subList(0, members).forEach(crowd::join);
        GroupDescription stable = crowd.awaitStable(members);
        double all = (System.nanoTime() - begun) / 1e6;
        Map<TopicPartition, String> owners = owners(stable);
        long oneMore = System.nanoTime();
        crowd.join(consumers.get(members));
        GroupDescription after = crowd.awaitStable(members + 1);
        double one = (System.nanoTime() - oneMore) / 1e6;
        Map<TopicPartition, String> next = owners(after);
        long moved =
                next.entrySet().stream()
                        .filter(e -> !e.getValue().equals(owners.get(e.getKey())))
                        .count();
        System.out.printf(
                Locale.ROOT,
                "members %d partitions %d all_stable_ms %.0f group_epoch %d one_more_ms %.0f"
                        + " moved %d at_most %d%n",
                members,
                next.size(),
                all,
                stable.epoch(),
                one,
                moved,
                (next.size() + members) / (members + 1));
        crowd.stop.set(true);
        for (Thread thread : crowd.threads) {
            thread.join();
        }
        crowd.admin.close();
    }

    private KqGroupConsumer open() {
        return KqGroupConsumer.open(
                ClientConfig.of(bootstrap), ConsumerConfig.defaults(), config());
    }

    private GroupConfig config() {
        return GroupConfig.of(group).withoutAutoCommit();
    }

    private void join(KqGroupConsumer consumer) {
        Thread thread =
                new Thread(
                        () -> {
                            consumer.subscribe(Subscription.topics(topic));
                            while (!stop.get()) {
                                try {
                                    consumer.poll(Duration.ofMillis(500));
                                } catch (RejectedException noPosition) {
                                    // Nothing is committed, and nothing is to be read.
                                    pause();
                                }
                            }
                            consumer.close();
                        });
        threads.add(thread);
        thread.start();
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private GroupDescription awaitStable(int members) {
        while (true) {
            try {
                GroupDescription now = admin.describeGroup(group).join();
                if (now.members().size() == members && now.listing().state().equals("Stable")) {
                    return now;
                }
            } catch (CompletionException notYet) {
                // The first member has not come.
            }
            pause();
        }
    }

    private static Map<TopicPartition, String> owners(GroupDescription group) {
        Map<TopicPartition, String> owners = new HashMap<>();
        group.members()
                .forEach(
                        member -> member.assigned().forEach(p -> owners.put(p, member.memberId())));
        return owners;
    }
}
