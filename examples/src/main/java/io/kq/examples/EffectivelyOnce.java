package io.kq.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer.Position;
import io.kq.client.KqGroupConsumer;
import io.kq.client.group.AssignmentListener;
import io.kq.client.group.Subscription;
import io.kq.protocol.TopicPartition;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * Effectively once: the position is stored in the same transaction as the result, in a database of
 * one's own (SQLite here). Whatever dies whenever, both are there or neither is. The group only
 * shares the partitions. A process that was taken for dead and is not finds that its position is
 * not the stored one any more, and does nothing.
 *
 * <p>Usage: {@code examples/run.sh EffectivelyOnce HOST:PORT TOPIC GROUP IDLE_SECONDS}; the
 * database is the file {@code GROUP.sqlite}. Prints in the end how many effects there are, and of
 * how many records.
 */
public final class EffectivelyOnce implements AssignmentListener {

    private final Connection database;
    private final KqGroupConsumer consumer;

    private EffectivelyOnce(Connection database, KqGroupConsumer consumer) {
        this.database = database;
        this.consumer = consumer;
    }

    /** See the class. */
    public static void main(String[] arguments) {
        MemberArguments.run("EffectivelyOnce", arguments, EffectivelyOnce::run);
    }

    private static void run(MemberArguments arguments) throws SQLException {
        String url =
                "jdbc:sqlite:" + arguments.group() + ".sqlite?busy_timeout=60000&journal_mode=WAL";
        try (Connection database = DriverManager.getConnection(url);
                KqGroupConsumer consumer = arguments.open()) {
            try (Statement statement = database.createStatement()) {
                statement.execute(
                        "create table if not exists effects (partition int, offset int, value"
                                + " text)");
                statement.execute(
                        "create table if not exists positions"
                                + " (topic text, partition int, next int,"
                                + " primary key (topic, partition))");
            }
            EffectivelyOnce example = new EffectivelyOnce(database, consumer);
            consumer.subscribe(Subscription.topics(arguments.topic()), example);
            for (long quiet = 0; quiet < arguments.quietPolls(); quiet++) {
                List<ConsumerRecord> records = consumer.poll(MemberArguments.POLL);
                if (!records.isEmpty()) {
                    example.work(records);
                    quiet = 0;
                }
            }
            example.report();
        }
    }

    /** The database knows where to go on, not the group. */
    @Override
    public void onAssigned(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            try {
                consumer.seek(partition, Position.offset(position(partition)));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void onRevoked(Set<TopicPartition> partitions) {
        // All that was worked on is stored.
    }

    private long position(TopicPartition partition) throws SQLException {
        try (PreparedStatement insert =
                database.prepareStatement("insert or ignore into positions values (?, ?, 0)")) {
            insert.setString(1, partition.topic());
            insert.setInt(2, partition.partition());
            insert.executeUpdate();
        }
        try (PreparedStatement select =
                database.prepareStatement(
                        "select next from positions where topic = ? and partition = ?")) {
            select.setString(1, partition.topic());
            select.setInt(2, partition.partition());
            try (ResultSet found = select.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        }
    }

    /**
     * Moves the positions and stores the effects, or does nothing. A transaction that takes its
     * lock at once waits for others; one that does it later may fail.
     */
    private void work(List<ConsumerRecord> records) throws SQLException {
        try (Statement transaction = database.createStatement();
                PreparedStatement move =
                        database.prepareStatement(
                                "update positions set next = ? where topic = ? and partition = ?"
                                        + " and next <= ?");
                PreparedStatement effect =
                        database.prepareStatement("insert into effects values (?, ?, ?)")) {
            transaction.execute("begin immediate");
            for (ConsumerRecord record : records) {
                move.setLong(1, record.offset() + 1);
                move.setString(2, record.topic());
                move.setInt(3, record.partition());
                move.setLong(4, record.offset());
                if (move.executeUpdate() == 1) {
                    effect.setInt(1, record.partition());
                    effect.setLong(2, record.offset());
                    effect.setString(3, new String(record.value(), UTF_8));
                    effect.executeUpdate();
                }
            }
            transaction.execute("commit");
        }
    }

    private void report() throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "select count(*), count(distinct partition || ' ' || offset)"
                                        + " from effects")) {
            found.next();
            System.out.println(found.getLong(1) + " effects of " + found.getLong(2) + " records");
        }
    }
}
