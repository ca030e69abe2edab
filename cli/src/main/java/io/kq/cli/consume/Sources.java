package io.kq.cli.consume;

import io.kq.cli.shell.Session;
import io.kq.client.ConsumerConfig;
import io.kq.client.KqConsumer;
import io.kq.client.KqGroupConsumer;
import io.kq.client.KqReader;
import io.kq.client.group.GroupConfig;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The two ways to read: partitions that the command chooses, and a group's. */
final class Sources {

    private Sources() {}

    /** All partitions that were asked for. */
    static ConsumeRun.Source all(Session session, ConsumerConfig config, Assignment.Wanted wanted) {
        return new Opened<KqConsumer>(
                wanted.topic(),
                () -> session.consumer(config),
                (reader, topic) -> new Assignment(session, reader, wanted));
    }

    /** A member's share. */
    static ConsumeRun.Source member(
            Session session,
            ConsumerConfig config,
            GroupConfig group,
            @Nullable String topic,
            @Nullable Pattern include) {
        return new Opened<KqGroupConsumer>(
                topic,
                () -> session.member(config, group),
                (reader, name) -> new GroupShare(session, reader, topic, include));
    }

    /** One that is opened once. */
    private static final class Opened<R extends KqReader> implements ConsumeRun.Source {

        private final @Nullable String topic;
        private final Supplier<R> opener;
        private final BiFunction<R, Optional<String>, ReadPartitions> partitions;
        private @Nullable R reader;

        Opened(
                @Nullable String topic,
                Supplier<R> opener,
                BiFunction<R, Optional<String>, ReadPartitions> partitions) {
            this.topic = topic;
            this.opener = opener;
            this.partitions = partitions;
        }

        @Override
        public KqReader open() {
            R opened = opener.get();
            reader = opened;
            return opened;
        }

        @Override
        public ReadPartitions partitions() {
            R opened = reader;
            if (opened == null) {
                throw new IllegalStateException("not open");
            }
            return partitions.apply(opened, topic());
        }

        @Override
        public Optional<String> topic() {
            return Optional.ofNullable(topic);
        }
    }
}
