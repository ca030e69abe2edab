package io.kq.cli.shell;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer;
import io.kq.client.KqGroupConsumer;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.group.GroupConfig;

/** Opens clients: the one way from a command to a cluster. Tests hand in their own. */
public interface Clients {

    KqAdmin admin(ClientConfig config);

    KqProducer producer(ClientConfig config, ProducerConfig producer);

    KqConsumer consumer(ClientConfig config, ConsumerConfig consumer);

    KqGroupConsumer member(ClientConfig config, ConsumerConfig consumer, GroupConfig group);

    /** Clients of real clusters. */
    static Clients real() {
        return new Clients() {
            @Override
            public KqAdmin admin(ClientConfig config) {
                return KqAdmin.open(config);
            }

            @Override
            public KqProducer producer(ClientConfig config, ProducerConfig producer) {
                return KqProducer.open(config, producer);
            }

            @Override
            public KqConsumer consumer(ClientConfig config, ConsumerConfig consumer) {
                return KqConsumer.open(config, consumer);
            }

            @Override
            public KqGroupConsumer member(
                    ClientConfig config, ConsumerConfig consumer, GroupConfig group) {
                return KqGroupConsumer.open(config, consumer, group);
            }
        };
    }
}
