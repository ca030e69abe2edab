package io.kq.system.driver;

import io.kq.client.ClientConfig;
import io.kq.client.KqAdmin;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Threads;
import io.kq.system.history.Event;
import io.kq.system.history.HistoryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Asks again and again who leads and who is in sync, and changes the metadata; two threads. What it
 * knows may be asked for by any thread.
 */
final class Observer implements AutoCloseable {

    private static final Duration ASK_EVERY = Duration.ofMillis(200);
    private static final Duration CHANGE_EVERY = Duration.ofMillis(700);
    private static final Duration ASK_MAX = Duration.ofSeconds(1);
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Plan plan;
    private final HistoryWriter history;
    private final AtomicLong questions;

    /** One for each node, since one that is cut off goes on to tell what it knew. */
    private final List<KqAdmin> nodes;

    private final KqAdmin changing;
    private final ScheduledExecutorService asks = Threads.scheduler("observer-asks");
    private final ScheduledExecutorService changes = Threads.scheduler("observer-changes");

    /** By partition, of all that was told the state of the highest partition epoch. */
    private final Map<Integer, PartitionDescription> states = new ConcurrentHashMap<>();

    private final AtomicLong changesDone = new AtomicLong();
    private final List<String> created = new ArrayList<>();
    private long names;

    Observer(Plan plan, HistoryWriter history, AtomicLong questions) {
        this.plan = plan;
        this.history = history;
        this.questions = questions;
        nodes =
                plan.bootstrap().stream()
                        .map(
                                address ->
                                        KqAdmin.open(
                                                new ClientConfig(
                                                        List.of(address), "observer", ASK_MAX)))
                        .toList();
        changing = KqAdmin.open(new ClientConfig(plan.bootstrap(), "operator", BOUND));
    }

    /** Makes the topic, if it is not there. False: nobody could. */
    boolean createTopic() {
        boolean placed = !plan.assignments().isEmpty();
        Map<String, String> configs = new java.util.TreeMap<>(plan.configs());
        configs.put("min.insync.replicas", Integer.toString(plan.minIsr()));
        NewTopic topic =
                new NewTopic(
                        plan.topic(),
                        placed ? 0 : plan.partitions(),
                        placed ? 0 : plan.replicas(),
                        plan.assignments(),
                        configs,
                        true,
                        false);
        return changing.createTopic(topic)
                .thenApply(created -> true)
                .exceptionally(refused -> false)
                .join();
    }

    void start() {
        repeat(asks, this::ask, ASK_EVERY);
        repeat(changes, this::change, CHANGE_EVERY);
    }

    private static void repeat(ScheduledExecutorService on, Runnable turn, Duration every) {
        var unused = on.scheduleWithFixedDelay(turn, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Asks each node for the state of all partitions, and writes down what is answered. */
    void ask() {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (KqAdmin node : nodes) {
            long question = questions.incrementAndGet();
            history.write(t -> new Event.Asked(t, question));
            answers.add(
                    node.describeTopic(plan.topic())
                            .thenAccept(topic -> topic.partitions().forEach(p -> told(question, p)))
                            .exceptionally(noAnswer -> null));
        }
        answers.forEach(CompletableFuture::join);
    }

    private void told(long question, PartitionDescription p) {
        history.write(
                t ->
                        new Event.StateTold(
                                t,
                                question,
                                p.index(),
                                p.leader(),
                                p.leaderEpoch(),
                                p.partitionEpoch(),
                                p.isr()));
        states.merge(
                p.index(),
                p,
                (before, now) -> now.partitionEpoch() >= before.partitionEpoch() ? now : before);
    }

    /** Creates a topic, or deletes the one that it created before. */
    private void change() {
        if (created.isEmpty()) {
            String name = plan.topic() + "-" + names++;
            if (told("create", name, () -> changing.createTopic(one(name)))) {
                created.add(name);
            }
        } else {
            String name = created.remove(0);
            told("delete", name, () -> changing.deleteTopic(name));
        }
    }

    private static NewTopic one(String name) {
        return new NewTopic(name, 1, 1, List.of(), Map.of(), false, false);
    }

    private boolean told(
            String operation, String name, Supplier<? extends CompletableFuture<?>> change) {
        long question = questions.incrementAndGet();
        history.write(t -> new Event.Asked(t, question));
        String code = "OK";
        boolean definite = true;
        try {
            change.get().join();
        } catch (CompletionException e) {
            RejectedException refusal =
                    e.getCause() instanceof RejectedException rejected ? rejected : null;
            code = refusal == null ? "" + e.getCause() : refusal.code().name();
            definite = refusal != null && refusal.definite();
        }
        String answer = code;
        boolean certain = definite;
        history.write(t -> new Event.AdminTold(t, question, operation, name, answer, certain));
        boolean done = answer.equals("OK");
        if (done) {
            changesDone.incrementAndGet();
        }
        return done;
    }

    /** Changes of the metadata that were answered well so far. */
    long changesDone() {
        return changesDone.get();
    }

    /** Who leads a partition, by what was told so far; -1: nobody, or not known. */
    int leader(int partition) {
        PartitionDescription state = states.get(partition);
        return state == null ? -1 : state.leader();
    }

    /** In-sync replicas of a partition; -1: not known. */
    int isrSize(int partition) {
        PartitionDescription state = states.get(partition);
        return state == null ? -1 : state.isr().size();
    }

    /** The partitions that a node leads. */
    List<Integer> led(int node) {
        return states.values().stream()
                .filter(state -> state.leader() == node)
                .map(PartitionDescription::index)
                .sorted()
                .toList();
    }

    /** Whether each partition has a leader and at least so many in-sync replicas. */
    boolean inSync(int size) {
        return states.size() == plan.partitions()
                && states.values().stream()
                        .allMatch(state -> state.leader() >= 0 && state.isr().size() >= size);
    }

    /** Who leads the metadata quorum, as most nodes say; -1: nobody says. */
    int metadataLeader() {
        Map<Integer, Integer> votes = new HashMap<>();
        for (KqAdmin node : nodes) {
            int leader =
                    node.describeCluster()
                            .thenApply(cluster -> cluster.quorum().leader())
                            .exceptionally(noAnswer -> -1)
                            .join();
            votes.merge(leader, 1, Integer::sum);
        }
        return votes.entrySet().stream()
                .filter(vote -> vote.getKey() >= 0)
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(-1);
    }

    /** Has the preferred replicas lead; how many partitions got another leader. */
    int electPreferred() {
        try {
            return changing.electLeaders(false, List.of()).join().size();
        } catch (CompletionException noAnswer) {
            return 0;
        }
    }

    /** All partitions in one line: {@code 0=leader/epoch/isr}. */
    String words() {
        StringBuilder words = new StringBuilder();
        states.values().stream()
                .sorted(java.util.Comparator.comparingInt(PartitionDescription::index))
                .forEach(
                        p ->
                                words.append(words.isEmpty() ? "" : " ")
                                        .append(p.index())
                                        .append('=')
                                        .append(p.leader())
                                        .append('/')
                                        .append(p.leaderEpoch())
                                        .append('/')
                                        .append(p.isr().toString().replace(" ", ""))
                                        .append(p.elr().isEmpty() ? "" : "/elr" + p.elr()));
        return words.toString();
    }

    /** Ends both threads; what they are in is finished. */
    void finish() {
        asks.shutdown();
        changes.shutdown();
        try {
            if (!asks.awaitTermination(1, TimeUnit.MINUTES)
                    || !changes.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the observer does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        asks.shutdownNow();
        changes.shutdownNow();
        nodes.forEach(KqAdmin::close);
        changing.close();
    }
}
