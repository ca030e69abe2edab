package io.kq.metadata.group;

import io.kq.metadata.group.CommitRule.Verdict;
import io.kq.metadata.group.TopicIndex.Topic;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One group, its coordinator's decisions, and clients that hear of them late and whose words come
 * late, twice or never. Checks the invariants after each step; a broken one is an AssertionError.
 */
final class SimulatedGroup {

    /** Rules, of which a test of the test changes one. */
    record Rules(HandOver handOver, CommitRule commits, boolean versionsCount) {
        static final Rules STRICT = new Rules(HandOver.STRICT, CommitRule.STRICT, true);
    }

    /** A consumer's process. It goes on with what it knows until it hears otherwise. */
    private static final class Client {
        private final String id;
        private int version = -1;
        private int epoch;
        private final Set<TopicIdPartition> reads = new HashSet<>();

        Client(String id) {
            this.id = id;
        }
    }

    /** To whom a partition was given last, and in which epoch. */
    private record Given(String member, int epoch) {}

    private final Rules rules;
    private final RandomSource random;
    private final Map<String, Client> clients = new TreeMap<>();
    private final List<Client> zombies = new ArrayList<>();
    private final Map<String, Topic> topics = new TreeMap<>();
    private final List<Runnable> onTheWay = new ArrayList<>();
    private final Map<TopicIdPartition, Given> given = new HashMap<>();
    private ConsumerGroup group = ConsumerGroup.empty("g");
    private int named;

    SimulatedGroup(long seed, Rules rules) {
        this.random = RandomSource.seeded(seed);
        this.rules = rules;
        for (int t = 0; t < 3; t++) {
            topics.put("t" + t, new Topic(new UUID(0, t + 1L), 1 + random.nextInt(5)));
        }
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            check();
        }
        settle();
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0 -> join();
            case 1 -> anyMember().ifPresent(this::expel);
            case 2 -> anyMember().ifPresent(this::subscribeAnew);
            case 3 -> grow();
            case 4, 5 -> commit();
            case 6 -> anyMember().ifPresent(this::replace);
            default -> deliver();
        }
    }

    private MemberInfo wants(String instance) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            names.add("t" + random.nextInt(4));
        }
        return SampleMembers.of(instance, names, random.nextInt(5) == 0 ? "t[0-1]" : "");
    }

    private void join() {
        if (clients.size() < 6) {
            String id = "m" + named++;
            clients.put(id, new Client(id));
            change(new GroupChange(group).join(id, wants(random.nextInt(3) == 0 ? "i" + id : "")));
        }
    }

    private Optional<Client> anyMember() {
        List<Client> all = List.copyOf(clients.values());
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    /** Its session ended: it may live on, and not know. */
    private void expel(Client client) {
        clients.remove(client.id);
        zombies.add(client);
        change(new GroupChange(group).leave(client.id, "left"));
    }

    private void subscribeAnew(Client client) {
        GroupMember member = group.members().get(client.id);
        if (member != null) {
            change(new GroupChange(group).join(client.id, wants(member.info().instanceId())));
        }
    }

    /** A new process takes a static member's place. */
    private void replace(Client client) {
        GroupMember member = group.members().get(client.id);
        if (member == null || member.info().instanceId().isEmpty()) {
            return;
        }
        clients.remove(client.id);
        zombies.add(client);
        String id = "m" + named++;
        clients.put(id, new Client(id));
        change(new GroupChange(group).join(id, member.info()));
    }

    private void grow() {
        String name = "t" + random.nextInt(4);
        Topic old = topics.get(name);
        if (old == null || random.nextInt(4) == 0) {
            topics.put(name, new Topic(new UUID(1, named++), 1 + random.nextInt(5)));
        } else {
            topics.put(name, new Topic(old.id(), old.partitionCount() + 1));
        }
        change(new GroupChange(group));
    }

    private void change(GroupChange change) {
        ConsumerGroup before = group;
        group = change.done(new TopicIndex(topics), rules.handOver());
        for (GroupMember member : group.members().values()) {
            GroupMember old = before.members().get(member.id());
            member.owned()
                    .forEach(
                            (partition, since) ->
                                    given.compute(
                                            partition, (p, last) -> given(last, member, since)));
            if (old == null || old.version() != member.version()) {
                onTheWay.add(() -> tell(member));
            }
        }
    }

    private static Given given(Given last, GroupMember member, int since) {
        return last != null && last.member().equals(member.id()) && last.epoch() >= since
                ? last
                : new Given(member.id(), since);
    }

    /** Words overtake each other, and some come twice. */
    private void deliver() {
        if (!onTheWay.isEmpty()) {
            int i = random.nextInt(onTheWay.size());
            Runnable word = random.nextInt(5) == 0 ? onTheWay.get(i) : onTheWay.remove(i);
            word.run();
        }
    }

    private void tell(GroupMember said) {
        Client client = clients.get(said.id());
        if (client == null || said.version() <= client.version) {
            return;
        }
        client.version = said.version();
        client.epoch = said.epoch();
        client.reads.retainAll(said.assigned().keySet());
        client.reads.addAll(said.assigned().keySet());
        onTheWay.add(() -> hear(said.id(), said.version()));
    }

    private void hear(String member, int version) {
        GroupMember present = group.members().get(member);
        if (present != null) {
            change(
                    new GroupChange(group)
                            .released(member, rules.versionsCount() ? version : present.version()));
        }
    }

    /** By anybody who believes that it reads something, zombies too. It may come late. */
    private void commit() {
        List<Client> all = new ArrayList<>(clients.values());
        all.addAll(zombies);
        if (all.isEmpty()) {
            return;
        }
        Client client = all.get(random.nextInt(all.size()));
        int epoch = client.epoch;
        for (TopicIdPartition partition : client.reads) {
            onTheWay.add(() -> committed(client.id, epoch, partition));
        }
    }

    private void committed(String member, int epoch, TopicIdPartition partition) {
        Verdict verdict = rules.commits().judge(group, member, epoch, partition);
        Given last = given.get(partition);
        boolean right = last != null && last.member().equals(member) && last.epoch() <= epoch;
        if (verdict == Verdict.TAKEN && !right) {
            throw new AssertionError(
                    "G2: " + member + " commits in epoch " + epoch + " what is " + last);
        }
    }

    private void check() {
        Map<TopicIdPartition, String> owners = new HashMap<>();
        Map<TopicIdPartition, String> readers = new HashMap<>();
        for (GroupMember member : group.members().values()) {
            if (member.epoch() > group.epoch()) {
                throw new AssertionError(member + " is ahead of " + group.epoch());
            }
            member.owned().keySet().forEach(p -> once("G1: owned", owners, p, member.id()));
        }
        for (Client client : clients.values()) {
            client.reads.forEach(p -> once("G1: read", readers, p, client.id));
        }
    }

    private static void once(
            String what, Map<TopicIdPartition, String> by, TopicIdPartition p, String who) {
        String other = by.put(p, who);
        if (other != null) {
            throw new AssertionError(what + " by " + other + " and " + who + ": " + p);
        }
    }

    /** When all words have come, each has its share and reads it. */
    private void settle() {
        for (int i = 0; i < 10_000 && !onTheWay.isEmpty(); i++) {
            onTheWay.remove(random.nextInt(onTheWay.size())).run();
            check();
        }
        for (Client client : clients.values()) {
            Set<TopicIdPartition> share = group.target().of(client.id);
            if (!client.reads.equals(share)) {
                throw new AssertionError(
                        "liveness: " + client.id + " reads " + client.reads + " of " + share);
            }
        }
        if (group.state() == ConsumerGroup.State.RECONCILING) {
            throw new AssertionError("liveness: " + group);
        }
    }
}
