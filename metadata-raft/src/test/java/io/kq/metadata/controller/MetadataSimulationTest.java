package io.kq.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.controller.BrokerSessions.BrokerProbe.Answer;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.DeleteTopic;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.decision.TopicDefaults;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Random operations, silences, restarts, lost answers and elections over three voters without
 * Ratis. Proves M1 to M4 and M7 after each apply, M5 and M8 at the end.
 */
class MetadataSimulationTest {

    private static final int SEEDS = 6;
    private static final int STEPS = 2_000;

    /** Of the last seed: long enough for much of what is remembered to be forgotten again. */
    private static final int LONG_STEPS = 10_000;

    private static final int BROKERS = 5;

    /** What must have happened at least once over all seeds, or the test has lost its teeth. */
    private enum Sometimes {
        REPEATED_REQUEST_ANSWERED,
        UNKNOWN_OUTCOME,
        UNKNOWN_OUTCOME_COMMITTED,
        BATCH_IGNORED,
        FENCED,
        UNFENCED,
        NAME_RECREATED,
        SECOND_PROCESS_REFUSED,
        REQUEST_EXPIRED,
        LEADER_WHILE_OTHERS_ARE_ELIGIBLE,
        MARKED_UNCLEAN,
        LED_BY_AN_ELIGIBLE_REPLICA
    }

    private final Map<Sometimes, Integer> seen = new EnumMap<>(Sometimes.class);

    @Test
    void votersAgreeWhateverHappens() {
        Long fixed = Long.getLong("kq.seed");
        long first = fixed == null ? 1 : fixed;
        for (long seed = first; seed < first + (fixed == null ? SEEDS : 1); seed++) {
            try {
                new Run(seed).run(seed == SEEDS ? LONG_STEPS : STEPS);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dkq.seed=" + seed, e);
            }
        }
        if (fixed == null) {
            assertThat(seen).containsOnlyKeys(Sometimes.values());
        }
    }

    private void sometimes(Sometimes what) {
        seen.merge(what, 1, Integer::sum);
    }

    /** A request that was sent, perhaps several times. */
    private record Request(UUID id, MetadataOperation<?> operation, List<Object> replies) {}

    private final class Run {
        private final RandomSource random;
        private final SimulatedQuorum quorum;
        private final List<InvariantChecker> checkers = new ArrayList<>();
        private final Map<Integer, Long> incarnations = new TreeMap<>();
        private final Map<Integer, Long> brokerEpochs = new TreeMap<>();
        private final List<Request> requests = new ArrayList<>();
        private final List<MetadataImage> snapshots = new ArrayList<>();
        private final List<MetadataRecord> effective = new ArrayList<>();

        Run(long seed) {
            random = RandomSource.seeded(seed);
            ControllerConfig config =
                    new ControllerConfig(
                            new TopicDefaults(2, 1),
                            1,
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(2),
                            Duration.ofMinutes(1),
                            60);
            quorum = new SimulatedQuorum(3, config, random, 7);
            quorum.nodes.forEach(node -> checkers.add(new InvariantChecker()));
            quorum.onApplied(
                    (node, delta) -> {
                        checkers.get(node.id).check(delta);
                        countElections(delta);
                        if (node.id == quorum.leader && random.nextInt(200) == 0) {
                            snapshots.add(node.image);
                        }
                    });
        }

        void run(int steps) {
            quorum.elect(0, false);
            quorum.settle();
            for (int id = 0; id < BROKERS; id++) {
                restartBroker(id);
            }
            createReplicatedTopics();
            for (int i = 0; i < steps; i++) {
                step();
            }
            quorum.settle();
            checkAgreement();
            checkSnapshots();
            readLog();
            checkRequests();
            count();
        }

        private void createReplicatedTopics() {
            quorum.settle();
            assertThat(quorum.active().image.allBrokers())
                    .hasSize(BROKERS)
                    .noneMatch(BrokerImage::fenced);
            for (int replicas = 2; replicas <= 4; replicas++) {
                send(create("replicated-" + replicas, 6, replicas));
            }
            quorum.settle();
            assertThat(quorum.active().image.topics()).hasSize(3);
        }

        private CreateTopic create(String name, int partitions, int replicas) {
            return new CreateTopic(name, partitions, replicas, List.of(), Map.of(), false, false);
        }

        private void step() {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> send(randomOperation());
                case 4 -> repeat();
                case 5, 6, 7, 8, 9 -> heartbeat(random.nextInt(BROKERS));
                case 10 -> restartBroker(random.nextInt(BROKERS));
                case 11 -> breakStream(random.nextInt(BROKERS));
                case 12, 13, 14 -> quorum.advance(Duration.ofMillis(random.nextInt(900)));
                case 15 -> lagOrCatchUp();
                case 16 -> loseLeader();
                case 17 -> secondProcess(random.nextInt(BROKERS));
                default -> quorum.settle();
            }
            if (random.nextInt(3) > 0) {
                quorum.settle();
            }
        }

        private MetadataOperation<?> randomOperation() {
            String name = "topic-" + random.nextInt(25);
            int broker = random.nextInt(BROKERS);
            return switch (random.nextInt(8)) {
                case 0, 1 -> new DeleteTopic(name, random.nextInt(8) == 0);
                case 2 -> new AllocateProducerIds(broker, brokerEpochs.getOrDefault(broker, 0L));
                default -> {
                    yield new CreateTopic(
                            name,
                            1 + random.nextInt(9),
                            1 + random.nextInt(4),
                            List.of(),
                            Map.of("retention.ms", "" + random.nextInt(100)),
                            random.nextInt(8) == 0,
                            random.nextInt(8) == 0);
                }
            };
        }

        private void send(MetadataOperation<?> operation) {
            Request request = new Request(random.nextUuid(), operation, new ArrayList<>());
            requests.add(request);
            submit(request);
        }

        private void repeat() {
            if (!requests.isEmpty()) {
                int recent = Math.min(requests.size(), 30);
                submit(requests.get(requests.size() - 1 - random.nextInt(recent)));
            }
        }

        private void submit(Request request) {
            Optional<UUID> id = Optional.of(request.id());
            CompletableFuture<?> reply = quorum.active().controller.submit(id, request.operation());
            CompletableFuture<?> unused =
                    reply.whenComplete(
                            (value, failure) -> {
                                if (failure == null) {
                                    request.replies().add(value);
                                } else if (!((RejectedException) failure).definite()) {
                                    sometimes(Sometimes.UNKNOWN_OUTCOME);
                                }
                            });
        }

        private Registration registration(int id, long incarnation) {
            return new Registration(
                    id,
                    new UUID(incarnation, id),
                    SimulatedQuorum.CLUSTER,
                    List.of(),
                    "rack-" + id % 3,
                    List.of(),
                    random.nextInt(3) > 0,
                    "test");
        }

        private void restartBroker(int id) {
            long incarnation = incarnations.merge(id, 1L, Long::sum);
            quorum.probes.put(id, Answer.REPLACED);
            register(id, incarnation);
            quorum.probes.put(id, Answer.ANSWERED);
        }

        private void register(int id, long incarnation) {
            CompletableFuture<Long> reply =
                    quorum.active().controller.register(registration(id, incarnation));
            quorum.settle();
            if (reply.isDone() && !reply.isCompletedExceptionally()) {
                brokerEpochs.put(id, reply.join());
                heartbeat(id);
            }
        }

        private void secondProcess(int id) {
            if (!quorum.active().image.isUp(id)) {
                return;
            }
            CompletableFuture<Long> reply =
                    quorum.active().controller.register(registration(id, 1_000_000));
            quorum.settle();
            if (reply.isCompletedExceptionally()) {
                RejectedException refusal = (RejectedException) reply.handle((r, e) -> e).join();
                if (refusal.code() == ErrorCode.INVALID_ARGUMENT) {
                    sometimes(Sometimes.SECOND_PROCESS_REFUSED);
                }
            }
        }

        private void heartbeat(int id) {
            SimulatedQuorum.Node node = quorum.active();
            Long epoch = brokerEpochs.get(id);
            if (epoch == null) {
                return;
            }
            var reply = node.controller.heartbeat(id, epoch, node.image.index(), false);
            quorum.runLoops();
            if (reply.isCompletedExceptionally()) {
                register(id, incarnations.getOrDefault(id, 1L));
            }
        }

        private void breakStream(int id) {
            BrokerImage broker = quorum.active().image.brokers().get(id);
            if (broker != null) {
                quorum.probes.put(id, random.nextInt(2) == 0 ? Answer.REFUSED : Answer.SILENT);
                quorum.active().controller.streamBroken(id, broker.brokerEpoch());
                quorum.settle();
                quorum.probes.put(id, Answer.ANSWERED);
            }
        }

        private void lagOrCatchUp() {
            SimulatedQuorum.Node node = quorum.nodes.get(random.nextInt(3));
            int upTo = Math.min(quorum.log.size(), node.applied + random.nextInt(50));
            while (node.applied < upTo) {
                node.applyNext();
            }
        }

        private void loseLeader() {
            if (random.nextInt(2) == 0) {
                send(randomOperation());
                quorum.runLoops();
            }
            boolean kept = random.nextInt(2) == 0;
            if (kept && quorum.hasSubmitted()) {
                sometimes(Sometimes.UNKNOWN_OUTCOME_COMMITTED);
            }
            if (random.nextInt(3) == 0) {
                SimulatedQuorum.Fate[] fates = SimulatedQuorum.Fate.values();
                quorum.loseAnswers(fates[random.nextInt(fates.length)]);
            } else {
                if (random.nextInt(4) == 0) {
                    commitStale();
                }
                quorum.elect(random.nextInt(3), kept);
            }
        }

        /** A batch of an older term reaches the log, as after losing and regaining leadership. */
        private void commitStale() {
            MetadataImage image = quorum.active().image;
            quorum.inject(
                    new MetadataBatch(
                            quorum.term - 1,
                            image.cluster().lastBatchSequence() + 1,
                            1,
                            List.of(
                                    new MetadataRecord.ProducerIdsAllocated(
                                            Long.MAX_VALUE, 0, 0))));
        }

        private void checkAgreement() {
            quorum.nodes.forEach(SimulatedQuorum.Node::applyAll);
            Set<Long> hashes = new HashSet<>();
            quorum.nodes.forEach(node -> hashes.add(BatchCodec.stateHash(node.image)));
            assertThat(hashes).as("M5: state hash").hasSize(1);
            assertThat(quorum.nodes.get(0).image).isEqualTo(quorum.nodes.get(1).image);
        }

        /** M5: a snapshot and the tail of the log make what all of the log makes. */
        private void checkSnapshots() {
            assertThat(snapshots).isNotEmpty();
            long expected = BatchCodec.stateHash(quorum.nodes.get(0).image);
            for (MetadataImage snapshot : snapshots) {
                List<MetadataRecord> records = new ArrayList<>();
                ImageRecords.of(snapshot).forEachRemaining(records::add);
                MetadataImage image =
                        ImageRecords.restore(records, snapshot.index(), snapshot.term());
                assertThat(image).isEqualTo(snapshot);
                for (int i = (int) snapshot.index() + 1; i < quorum.log.size(); i++) {
                    SimulatedQuorum.Entry entry = quorum.log.get(i);
                    MetadataBatch batch = BatchCodec.decode(ByteBuffer.wrap(entry.batch()));
                    image = ImageTransition.apply(image, batch, i, entry.term()).after();
                }
                assertThat(BatchCodec.stateHash(image)).isEqualTo(expected);
            }
        }

        /** M8: while it is remembered, a request has one effect and one answer. */
        private void checkRequests() {
            Map<UUID, Integer> answers = new HashMap<>();
            Set<UUID> forgotten = new HashSet<>();
            for (MetadataRecord record : effective) {
                if (record instanceof MetadataRecord.RequestAnswered answered) {
                    answers.merge(answered.requestId(), 1, Integer::sum);
                } else if (record instanceof MetadataRecord.RequestsExpired expired) {
                    forgotten.addAll(expired.requestIds());
                    sometimes(Sometimes.REQUEST_EXPIRED);
                }
            }
            for (Request request : requests) {
                if (forgotten.contains(request.id()) || isTrial(request.operation())) {
                    continue;
                }
                assertThat(answers.getOrDefault(request.id(), 0)).isLessThanOrEqualTo(1);
                List<Object> effects =
                        request.replies().stream().filter(Run::tellsOfAnEffect).toList();
                if (effects.size() > 1) {
                    assertThat(effects.stream().map(Run::identity).distinct()).hasSize(1);
                    sometimes(Sometimes.REPEATED_REQUEST_ANSWERED);
                }
            }
        }

        private static boolean isTrial(MetadataOperation<?> operation) {
            return operation instanceof DeleteTopic delete && delete.validateOnly();
        }

        private static boolean tellsOfAnEffect(Object reply) {
            return !(reply instanceof TopicCreation creation) || creation.created();
        }

        /** Where a topic's replicas are may have changed between two answers. */
        private static Object identity(Object reply) {
            return reply instanceof TopicCreation creation ? creation.topicId() : reply;
        }

        private void countElections(MetadataDelta delta) {
            for (String name : delta.changedTopics()) {
                TopicImage after = delta.after().topic(name).orElseThrow();
                List<PartitionImage> before =
                        delta.before()
                                .topic(after.id())
                                .map(TopicImage::partitions)
                                .orElse(List.of());
                for (int i = 0; i < before.size(); i++) {
                    if (before.get(i).elr().contains(after.partitions().get(i).leader())) {
                        sometimes(Sometimes.LED_BY_AN_ELIGIBLE_REPLICA);
                    }
                }
            }
        }

        /** Records of all batches that were not ignored, in order. */
        private void readLog() {
            MetadataImage image = MetadataImage.EMPTY;
            for (int i = 0; i < quorum.log.size(); i++) {
                SimulatedQuorum.Entry entry = quorum.log.get(i);
                MetadataBatch batch = BatchCodec.decode(ByteBuffer.wrap(entry.batch()));
                if (ImageTransition.isIgnored(image, batch, entry.term())) {
                    sometimes(Sometimes.BATCH_IGNORED);
                } else {
                    effective.addAll(batch.records());
                    // Whatever a controller decided fits the image that it meets.
                    ImageTransition.applyStrictly(image, batch.records());
                }
                image = ImageTransition.apply(image, batch, i, entry.term()).after();
            }
        }

        private void count() {
            Set<String> created = new HashSet<>();
            for (MetadataRecord record : effective) {
                if (record instanceof MetadataRecord.TopicCreated topic
                        && !created.add(topic.name())) {
                    sometimes(Sometimes.NAME_RECREATED);
                } else if (record instanceof MetadataRecord.BrokerFenced) {
                    sometimes(Sometimes.FENCED);
                } else if (record instanceof MetadataRecord.BrokerUnfenced) {
                    sometimes(Sometimes.UNFENCED);
                } else if (record instanceof MetadataRecord.PartitionChanged changed
                        && !changed.state().elr().isEmpty()
                        && changed.state().leader() >= 0) {
                    sometimes(Sometimes.LEADER_WHILE_OTHERS_ARE_ELIGIBLE);
                }
                if (record instanceof MetadataRecord.PartitionChanged changed
                        && !changed.state().unclean().isEmpty()) {
                    sometimes(Sometimes.MARKED_UNCLEAN);
                }
            }
        }
    }
}
