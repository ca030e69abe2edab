package io.kq.broker.config;

import io.kq.broker.config.HostPort.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Every setting of a node. Nothing else in kq has defaults for these. */
public final class NodeKeys {

    private static final int NODE_ID_MAX = 1_000_000;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    public static final ConfigKey<Optional<Integer>> NODE_ID =
            ConfigKey.absent(
                    "node.id",
                    ConfigType.nodeId(NODE_ID_MAX),
                    "required",
                    "This node's number, for ever. `auto` only in a pod: the number at the end of"
                            + " the host name plus `node.id.offset`.");

    public static final ConfigKey<Integer> NODE_ID_OFFSET =
            ConfigKey.of(
                    "node.id.offset",
                    ConfigType.integer(0, NODE_ID_MAX),
                    "0",
                    "Added to the host name's number when `node.id` is `auto`.");

    public static final ConfigKey<String> PROCESS_ROLES =
            ConfigKey.of(
                    "process.roles",
                    ConfigType.oneOf("auto", "broker", "broker,metadata"),
                    "auto",
                    "What this node does. `auto`: broker, and a voter of the metadata quorum if"
                            + " `metadata.peers` names it.");

    public static final ConfigKey<String> DATA_DIRS =
            ConfigKey.of(
                    "data.dirs",
                    ConfigType.text(),
                    "kq-data",
                    "The data directories, separated by commas: one for each disk. The first one"
                            + " also holds the metadata and stays the first.");

    public static final ConfigKey<HostPort> LISTENERS =
            ConfigKey.of(
                    "listeners",
                    ConfigType.hostPort(),
                    "127.0.0.1:9092",
                    "Where clients connect (gRPC). Port 0 takes a free one.");

    public static final ConfigKey<HostPort> ADVERTISED_LISTENERS =
            ConfigKey.absent(
                    "advertised.listeners",
                    ConfigType.hostPort(),
                    "`listeners`, with this host's name if it listens on all addresses",
                    "What clients are told to connect to.");

    public static final ConfigKey<HostPort> NODE_LISTENER =
            ConfigKey.of(
                    "node.listener",
                    ConfigType.hostPort(),
                    "127.0.0.1:9094",
                    "Where other nodes connect (gRPC). Port 0 takes a free one.");

    public static final ConfigKey<HostPort> ADVERTISED_NODE_LISTENER =
            ConfigKey.absent(
                    "advertised.node.listener",
                    ConfigType.hostPort(),
                    "this node's address in `metadata.peers`, else `node.listener`",
                    "What other nodes are told to connect to.");

    public static final ConfigKey<HostPort> METADATA_LISTENER =
            ConfigKey.of(
                    "metadata.listener",
                    ConfigType.hostPort(),
                    "127.0.0.1:9093",
                    "Where the other voters of the metadata quorum connect (Ratis). Port 0 takes a"
                            + " free one, for a node that votes alone or not at all.");

    public static final ConfigKey<List<Peer>> METADATA_PEERS =
            ConfigKey.absent(
                    "metadata.peers",
                    ConfigType.peers(),
                    "this node alone",
                    "The voters at the cluster's birth by their node ports, the same on all nodes:"
                            + " `0@a:9094,1@b:9094,2@c:9094`. A node that is not named is a broker"
                            + " only. After that it is where a new node asks; who votes is changed"
                            + " by `kq cluster add-voter` and `remove-voter`.");

    public static final ConfigKey<Duration> METADATA_ELECTION_TIMEOUT =
            ConfigKey.of(
                    "metadata.election.timeout",
                    ConfigType.duration(
                            Duration.ofMillis(100), Duration.ofSeconds(60), "100ms .. 60s"),
                    "500ms",
                    "A voter that hears nothing from the leader for this long, up to twice as long,"
                            + " stands for election. Longer where pauses are common.");

    public static final ConfigKey<Integer> COORDINATION_SHARDS =
            ConfigKey.of(
                    "coordination.shards",
                    ConfigType.integer(1, 64),
                    "4",
                    "How many logs keep the consumer groups and their offsets. It counts at the"
                            + " cluster's birth only, and must be the same on every voter then.");

    public static final ConfigKey<HostPort> ADMIN_LISTENER =
            ConfigKey.of(
                    "admin.listener",
                    ConfigType.hostPort(),
                    "127.0.0.1:8080",
                    "Serves `/metrics`, `/livez` and `/readyz` over HTTP. If it is taken and was"
                            + " not set, the node starts without.");

    public static final ConfigKey<Integer> METRICS_TOPIC_LABELS_MAX =
            ConfigKey.of(
                    "metrics.topic.labels.max",
                    ConfigType.integer(0, 100_000),
                    "1000",
                    "Meters of single partitions that `/metrics` shows at most, those that tell"
                            + " most.");

    public static final ConfigKey<String> RACK_ID =
            ConfigKey.absent(
                    "rack.id",
                    ConfigType.text(),
                    "none",
                    "The rack or zone that this node would be lost with. Replicas are spread over"
                            + " racks.");

    public static final ConfigKey<Integer> NUM_PARTITIONS =
            ConfigKey.of(
                    "num.partitions",
                    ConfigType.integer(1, 10_000),
                    "1",
                    "Partitions of a topic that is created without a number.");

    public static final ConfigKey<Integer> DEFAULT_REPLICATION_FACTOR =
            ConfigKey.of(
                    "default.replication.factor",
                    ConfigType.integerOrAuto(100),
                    "auto",
                    "Replicas of each partition of a topic that is created without a number."
                            + " `auto`: as many as there are brokers, but no more than three.");

    public static final ConfigKey<Duration> REPLICA_LAG_TIME_MAX =
            ConfigKey.of(
                    "replica.lag.time.max",
                    ConfigType.duration(Duration.ofMillis(200), Duration.ofHours(1), "200ms .. 1h"),
                    "10s",
                    "A follower that has been without something that its leader has for this long"
                            + " leaves the in-sync replicas, and acks=all waits for it no more. One"
                            + " that its leader does not hear at all leaves after"
                            + " `broker.session.timeout`, if that is less.");

    public static final ConfigKey<Long> REPLICATION_CATCHUP_RATE =
            ConfigKey.of(
                    "replication.catchup.rate",
                    ConfigType.bytes(0, Long.MAX_VALUE / 2, "0 or more"),
                    "0",
                    "Bytes a second that replicas which are far behind, new ones for example, may"
                            + " read from this node, all together. 0: no bound.");

    public static final ConfigKey<Long> LOG_SEGMENT_BYTES =
            ConfigKey.of(
                    "log.segment.bytes",
                    ConfigType.bytes(14, Integer.MAX_VALUE, "14 .. 2147483647"),
                    "1GiB",
                    "A segment file is rolled before it would grow over this; `segment.bytes` of a"
                            + " topic goes before it.");

    public static final ConfigKey<Duration> LOG_RETENTION =
            ConfigKey.of(
                    "log.retention",
                    ConfigType.duration(
                            Duration.ofMillis(-1), Duration.ofMillis(Long.MAX_VALUE), "-1 or more"),
                    "7d",
                    "How long records are kept; -1: for ever. `retention.ms` of a topic goes before"
                            + " it. Each replica goes by its own node's: set the same on all.");

    public static final ConfigKey<Long> LOG_RETENTION_BYTES =
            ConfigKey.of(
                    "log.retention.bytes",
                    ConfigType.bytes(-1, Long.MAX_VALUE, "-1 or more"),
                    "-1",
                    "How many bytes of each partition are kept; -1: all. `retention.bytes` of a"
                            + " topic goes before it.");

    public static final ConfigKey<Duration> LOG_RETENTION_CHECK_INTERVAL =
            ConfigKey.of(
                    "log.retention.check.interval.ms",
                    ConfigType.duration(Duration.ofMillis(1), Duration.ofDays(365), "1ms .. 365d"),
                    "5m",
                    "How often old records are looked for, to be deleted as `retention.ms` and"
                            + " `retention.bytes` of their topics say.");

    public static final ConfigKey<Duration> LOG_CLEANER_BACKOFF =
            ConfigKey.of(
                    "log.cleaner.backoff.ms",
                    ConfigType.duration(Duration.ofMillis(1), Duration.ofDays(1), "1ms .. 1d"),
                    "15s",
                    "How often partitions with `cleanup.policy=compact` are looked at when none of"
                            + " them was due the last time.");

    public static final ConfigKey<Long> LOG_CLEANER_DEDUPE_BUFFER_SIZE =
            ConfigKey.of(
                    "log.cleaner.dedupe.buffer.size",
                    ConfigType.bytes(MIB, 16 * 1024 * MIB, "1MiB .. 16GiB"),
                    "64MiB",
                    "Memory for the keys of one pass of compaction, 36 bytes each, taken as far as"
                            + " they need it. Keys that do not fit are left to the next pass.");

    public static final ConfigKey<Long> LOG_CLEANER_IO_MAX_BYTES_PER_SECOND =
            ConfigKey.of(
                    "log.cleaner.io.max.bytes.per.second",
                    ConfigType.bytes(64 * 1024, Long.MAX_VALUE, "at least 64KiB"),
                    "64MiB",
                    "What compaction reads and writes in a second, together.");

    public static final ConfigKey<Long> MAX_MESSAGE_BYTES =
            ConfigKey.of(
                    "max.message.bytes",
                    ConfigType.bytes(1, 4 * MIB - 64 * KIB, "1 .. 4128768"),
                    "1048588",
                    "Largest record batch; `max.message.bytes` of a topic goes before it.");

    public static final ConfigKey<String> FLUSH =
            ConfigKey.of(
                    "flush",
                    ConfigType.oneOf("os", "fsync"),
                    "os",
                    "What an acknowledged write has survived: `os` the process (it is in the page"
                            + " cache), `fsync` the machine (it is on the disk). `flush` of a topic"
                            + " goes before it.");

    public static final ConfigKey<Long> DISK_RESERVE =
            ConfigKey.absent(
                    "disk.reserve",
                    ConfigType.bytes(0, Long.MAX_VALUE, "0 or more"),
                    "5% of the file system, from 32MiB to 1GiB",
                    "What records leave free on the file system of each data directory, so that"
                            + " the metadata, the index and a stop still have room. Appends that"
                            + " would reach into it are refused with DISK_FULL until there is space"
                            + " again.");

    public static final ConfigKey<Long> MAX_INFLIGHT_BYTES =
            ConfigKey.of(
                    "max.inflight.bytes",
                    ConfigType.bytesOrShare(
                            Runtime.getRuntime().maxMemory(), "the heap", MIB, "at least 1MiB"),
                    "25%",
                    "Bytes of requests and answers that this node holds at a time. Over it,"
                            + " requests are refused with OVERLOADED.");

    public static final ConfigKey<Boolean> FORWARD_ENABLED =
            ConfigKey.of(
                    "forward.enabled",
                    ConfigType.flag(),
                    "true",
                    "Whether this node passes on what it does not lead. If not, it answers"
                            + " NOT_LEADER.");

    public static final ConfigKey<Duration> BROKER_SESSION_TIMEOUT =
            ConfigKey.of(
                    "broker.session.timeout",
                    ConfigType.duration(
                            Duration.ofMillis(200), Duration.ofMinutes(10), "200ms .. 10m"),
                    "3s",
                    "A broker that is not heard for this long is fenced. Read by the active"
                            + " controller.");

    public static final ConfigKey<Duration> BROKER_HEARTBEAT_INTERVAL =
            ConfigKey.of(
                    "broker.heartbeat.interval",
                    ConfigType.duration(Duration.ofMillis(20), Duration.ofMinutes(1), "20ms .. 1m"),
                    "500ms",
                    "How often a broker says that it is alive; well below"
                            + " `broker.session.timeout`.");

    public static final ConfigKey<Duration> DRAIN_TIMEOUT =
            ConfigKey.of(
                    "drain.timeout",
                    ConfigType.duration(Duration.ZERO, Duration.ofMinutes(10), "0 .. 10m"),
                    "20s",
                    "How long a stop waits until others lead what this node led. A lone node does"
                            + " not wait.");

    public static final ConfigKey<Boolean> REFLECTION_ENABLED =
            ConfigKey.of(
                    "reflection.enabled",
                    ConfigType.flag(),
                    "false",
                    "gRPC server reflection on the client port, for tools without the .proto"
                            + " files.");

    public static final ConfigKey<Boolean> SECURITY_INSECURE =
            ConfigKey.of(
                    "security.insecure",
                    ConfigType.flag(),
                    "false",
                    "Allows listeners off loopback without TLS. Anyone who reaches them can read,"
                            + " write and delete everything.");

    public static final ConfigKey<String> LOG_FORMAT =
            ConfigKey.of(
                    "log.format",
                    ConfigType.oneOf("text", "json"),
                    "text",
                    "Form of this process' own log lines.");

    public static final ConfigKey<String> LOGGING_LEVEL =
            ConfigKey.of(
                    "logging.level",
                    ConfigType.oneOf("error", "warn", "info", "debug", "trace"),
                    "info",
                    "From which level on kq's own log lines are written.");

    public static final ConfigKey<String> LOGGING_DIRECTORY =
            ConfigKey.absent(
                    "logging.directory",
                    ConfigType.text(),
                    "standard error",
                    "Where this process' own log goes: `kq.log`, rolled at 50 MiB, ten files"
                            + " kept.");

    /** All of them, in the order of the reference. */
    public static final List<ConfigKey<?>> ALL =
            List.of(
                    NODE_ID,
                    NODE_ID_OFFSET,
                    PROCESS_ROLES,
                    RACK_ID,
                    DATA_DIRS,
                    LISTENERS,
                    ADVERTISED_LISTENERS,
                    NODE_LISTENER,
                    ADVERTISED_NODE_LISTENER,
                    METADATA_LISTENER,
                    METADATA_PEERS,
                    METADATA_ELECTION_TIMEOUT,
                    COORDINATION_SHARDS,
                    ADMIN_LISTENER,
                    METRICS_TOPIC_LABELS_MAX,
                    SECURITY_INSECURE,
                    NUM_PARTITIONS,
                    DEFAULT_REPLICATION_FACTOR,
                    REPLICA_LAG_TIME_MAX,
                    REPLICATION_CATCHUP_RATE,
                    LOG_SEGMENT_BYTES,
                    LOG_RETENTION,
                    LOG_RETENTION_BYTES,
                    LOG_RETENTION_CHECK_INTERVAL,
                    LOG_CLEANER_BACKOFF,
                    LOG_CLEANER_DEDUPE_BUFFER_SIZE,
                    LOG_CLEANER_IO_MAX_BYTES_PER_SECOND,
                    MAX_MESSAGE_BYTES,
                    FLUSH,
                    DISK_RESERVE,
                    MAX_INFLIGHT_BYTES,
                    FORWARD_ENABLED,
                    BROKER_SESSION_TIMEOUT,
                    BROKER_HEARTBEAT_INTERVAL,
                    DRAIN_TIMEOUT,
                    REFLECTION_ENABLED,
                    LOG_FORMAT,
                    LOGGING_LEVEL,
                    LOGGING_DIRECTORY);

    private NodeKeys() {}
}
