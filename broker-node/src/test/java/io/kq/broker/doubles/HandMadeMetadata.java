package io.kq.broker.doubles;

import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;

/** An image that the test changes; subscribers are told on the test's thread. */
public final class HandMadeMetadata implements MetadataSource {

    private final List<MetadataSubscriber> subscribers = new ArrayList<>();
    private volatile MetadataImage image = MetadataImage.EMPTY;
    private long nextTopic = 1;

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public Controller controller() {
        return Controller.NONE;
    }

    @Override
    public synchronized AutoCloseable subscribe(MetadataSubscriber subscriber) {
        subscribers.add(subscriber);
        subscriber.onUpdate(MetadataDelta.between(MetadataImage.EMPTY, image));
        return () -> unsubscribe(subscriber);
    }

    private synchronized void unsubscribe(MetadataSubscriber subscriber) {
        subscribers.remove(subscriber);
    }

    @Override
    public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
        subscriber.onController(Controller.NONE);
        return () -> {};
    }

    private synchronized void change(UnaryOperator<MetadataImage> change) {
        MetadataImage before = image;
        image = change.apply(before);
        MetadataDelta delta = MetadataDelta.between(before, image);
        List.copyOf(subscribers).forEach(s -> s.onUpdate(delta));
    }

    /** A broker without a session. */
    public void down(int id) {
        broker(id, 1, 1, true);
    }

    /** A broker that clients reach at {@code host:port}. */
    public void broker(int id, int port, long brokerEpoch) {
        broker(id, port, brokerEpoch, false);
    }

    private void broker(int id, int port, long brokerEpoch, boolean fenced) {
        BrokerImage broker =
                new BrokerImage(
                        id,
                        new UUID(id, brokerEpoch),
                        brokerEpoch,
                        List.of(
                                new BrokerImage.Endpoint(
                                        BrokerImage.CLIENT_LISTENER,
                                        "127.0.0.1",
                                        port,
                                        "PLAINTEXT")),
                        "",
                        List.of(),
                        fenced,
                        false,
                        true,
                        "test",
                        0);
        change(i -> with(i, i.brokers().plus(id, broker), i.topics()));
    }

    /** A topic with one replica per partition, led by it; returns its id. */
    public synchronized UUID topic(String name, Map<String, String> configs, int... leaders) {
        UUID id = new UUID(0x4000, nextTopic++);
        List<PartitionImage> partitions = new ArrayList<>();
        for (int leader : leaders) {
            partitions.add(
                    new PartitionImage(List.of(leader), List.of(leader), List.of(), leader, 0, 0));
        }
        TopicImage topic = new TopicImage(id, name, partitions, configs, false, 0);
        change(i -> with(i, i.brokers(), i.topics().plus(name, topic)));
        return id;
    }

    /** Another leader, or {@link PartitionImage#NO_LEADER}, in the next epoch. */
    public void lead(String name, int index, int leader, List<Integer> replicas) {
        lead(name, index, leader, replicas, leader < 0 ? List.of() : List.of(leader));
    }

    /** The same, with members of the ISR. */
    public void lead(
            String name, int index, int leader, List<Integer> replicas, List<Integer> isr) {
        change(
                i -> {
                    TopicImage topic = i.topic(name).orElseThrow();
                    List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
                    PartitionImage old = partitions.get(index);
                    partitions.set(
                            index,
                            new PartitionImage(
                                    replicas,
                                    isr,
                                    List.of(),
                                    leader,
                                    old.leaderEpoch() + 1,
                                    old.partitionEpoch() + 1));
                    TopicImage changed =
                            new TopicImage(topic.id(), name, partitions, topic.configs(), false, 0);
                    return with(i, i.brokers(), i.topics().plus(name, changed));
                });
    }

    /** The topic is gone. */
    public void delete(String name) {
        change(i -> with(i, i.brokers(), i.topics().minus(name)));
    }

    private static MetadataImage with(
            MetadataImage old,
            PSortedMap<Integer, BrokerImage> brokers,
            PSortedMap<String, TopicImage> topics) {
        PMap<UUID, String> names = HashTreePMap.empty();
        for (TopicImage topic : topics.values()) {
            names = names.plus(topic.id(), topic.name());
        }
        return new MetadataImage(
                old.index() + 1,
                1,
                old.cluster(),
                brokers,
                topics,
                names,
                old.nextProducerId(),
                old.voters(),
                old.coordination(),
                old.requests());
    }
}
