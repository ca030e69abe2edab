package io.kq.metadata.controller;

import io.kq.metadata.decision.LogSurvey;
import io.kq.metadata.decision.LogSurvey.LogEnd;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Asks the brokers that are up where the logs of some partitions end. One survey asks each broker
 * once; who does not answer in time has not answered. Called on the loop, answers on the loop.
 */
final class LogSurveys {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(1);

    private final ControllerPorts ports;

    LogSurveys(ControllerPorts ports) {
        this.ports = ports;
    }

    /**
     * Makes a survey of the partitions that the image has. Later, and once, {@code then} gets it.
     */
    void make(
            List<TopicIdPartition> partitions,
            MetadataImage image,
            Consumer<List<LogSurvey>> then) {
        Map<TopicIdPartition, Integer> partitionEpochs = new LinkedHashMap<>();
        Map<Integer, List<TopicIdPartition>> byBroker = new TreeMap<>();
        for (TopicIdPartition id : partitions) {
            Optional<TopicImage> topic =
                    image.topic(id.topicId()).filter(t -> id.partition() < t.partitions().size());
            if (topic.isPresent()) {
                PartitionImage partition = topic.get().partitions().get(id.partition());
                partitionEpochs.put(id, partition.partitionEpoch());
                partition.replicas().stream()
                        .filter(image::isUp)
                        .forEach(
                                broker ->
                                        byBroker.computeIfAbsent(broker, b -> new ArrayList<>())
                                                .add(id));
            }
        }
        Map<TopicIdPartition, List<LogEnd>> ends = new LinkedHashMap<>();
        partitionEpochs.keySet().forEach(id -> ends.put(id, new ArrayList<>()));
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        EventLoop loop = ports.loop();
        byBroker.forEach(
                (brokerId, replicas) ->
                        answers.add(ask(image.broker(brokerId).orElseThrow(), replicas, ends)));
        CompletableFuture<Void> unused =
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenRun(
                                () ->
                                        loop.submit(
                                                () -> then.accept(surveys(partitionEpochs, ends))));
    }

    /** The future completes, on the loop, when the broker has answered or had its time. */
    private CompletableFuture<Void> ask(
            BrokerImage broker,
            List<TopicIdPartition> replicas,
            Map<TopicIdPartition, List<LogEnd>> ends) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<List<Optional<ReplicaProbe.End>>> answer =
                ports.replicaProbe().describe(broker, replicas).exceptionally(failure -> List.of());
        EventLoop.Cancellable timer =
                ports.loop().schedule(ANSWER_MAX, () -> answer.complete(List.of()));
        CompletableFuture<Void> unused =
                answer.thenAccept(
                        said -> {
                            timer.cancel();
                            ports.loop()
                                    .submit(
                                            () -> {
                                                note(broker, replicas, said, ends);
                                                done.complete(null);
                                            });
                        });
        return done;
    }

    private static void note(
            BrokerImage broker,
            List<TopicIdPartition> replicas,
            List<Optional<ReplicaProbe.End>> said,
            Map<TopicIdPartition, List<LogEnd>> ends) {
        // An answer of another length is none.
        if (said.size() != replicas.size()) {
            return;
        }
        for (int i = 0; i < replicas.size(); i++) {
            List<LogEnd> known = ends.getOrDefault(replicas.get(i), new ArrayList<>());
            said.get(i)
                    .ifPresent(
                            end ->
                                    known.add(
                                            new LogEnd(
                                                    broker.id(),
                                                    broker.brokerEpoch(),
                                                    end.lastEpoch(),
                                                    end.endOffset())));
        }
    }

    private static List<LogSurvey> surveys(
            Map<TopicIdPartition, Integer> partitionEpochs,
            Map<TopicIdPartition, List<LogEnd>> ends) {
        List<LogSurvey> surveys = new ArrayList<>();
        ends.forEach(
                (id, known) ->
                        surveys.add(
                                new LogSurvey(id, partitionEpochs.getOrDefault(id, -1), known)));
        return surveys;
    }
}
