package io.kq.client.fake;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.client.fake.FakeCluster.FakeTopic;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.DeleteRecordsRequest;
import io.kq.v1.DeleteRecordsResponse;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.FetchResponse;
import io.kq.v1.FetchSubscription;
import io.kq.v1.InitProducerRequest;
import io.kq.v1.InitProducerResponse;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.OffsetAnswer;
import io.kq.v1.OffsetQuery;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceRequest;
import io.kq.v1.ProduceResponse;
import io.kq.v1.ProduceResult;
import io.kq.v1.RecordDeletion;
import io.kq.v1.RecordDeletionResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One node: takes any request for any partition, as a node that forwards does. Any thread. */
public final class FakeNode {

    private final FakeCluster cluster;
    private final int id;
    private final Set<FetchStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger produced = new AtomicInteger();
    private final AtomicInteger producedElsewhereLed = new AtomicInteger();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<String> deletionRefusals = new ConcurrentLinkedQueue<>();
    private final List<String> mutations = new CopyOnWriteArrayList<>();
    private volatile Server server;
    private volatile int port;
    private volatile int breakAfterBatches = Integer.MAX_VALUE;
    private volatile int messageBytesMax = 1 << 20;
    private volatile boolean mute;

    FakeNode(FakeCluster cluster, int id) {
        this.cluster = cluster;
        this.id = id;
    }

    int id() {
        return id;
    }

    public int port() {
        return port;
    }

    /** Batches that came here. */
    public int produced() {
        return produced.get();
    }

    /** Batches that came here although another node leads their partition. */
    public int producedElsewhereLed() {
        return producedElsewhereLed.get();
    }

    /** The stream breaks after so many batches: the last of them is written and not answered. */
    public void breakAfterBatches(int batches) {
        breakAfterBatches = batches;
    }

    public void setMessageBytesMax(int bytes) {
        messageBytesMax = bytes;
    }

    /** It takes the question for its topics and never answers. */
    public void setMute(boolean mute) {
        this.mute = mute;
    }

    boolean isMute() {
        return mute;
    }

    /** The next mutations fail with these codes, one after the other. */
    public void refuseMutations(ErrorCode... codes) {
        for (ErrorCode code : codes) {
            refusals.add(code.name());
        }
    }

    /** The next deletions of records fail with these codes, one after the other. */
    public void refuseDeletions(ErrorCode... codes) {
        for (ErrorCode code : codes) {
            deletionRefusals.add(code.name());
        }
    }

    /** Request ids of the mutations that came here, in order. */
    public List<String> mutations() {
        return List.copyOf(mutations);
    }

    String refuseMutationOnce(String requestId) {
        mutations.add(requestId);
        String refusal = refusals.poll();
        return refusal == null ? "" : refusal;
    }

    /** Takes requests, on the port it had before if it had one. */
    public void start() throws IOException {
        start(port);
    }

    void start(int onPort) throws IOException {
        FakeAdmin admin = new FakeAdmin(cluster, id);
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort))
                        .directExecutor()
                        .addService(new Log())
                        .addService(admin.clusterService())
                        .addService(admin.topicService())
                        .build()
                        .start();
        port = server.getPort();
    }

    /** Breaks all connections and takes no more. */
    public void stop() {
        Server running = server;
        running.shutdownNow();
        try {
            boolean unused = running.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.clear();
    }

    void pump() {
        streams.forEach(FetchStream::pump);
    }

    private static FakeLog log(FakeTopic topic, String name, int partition) {
        if (topic == null) {
            throw new RejectedException(
                    ErrorCode.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist.");
        }
        return topic.logs[partition];
    }

    private ProduceResult append(ProduceBatch batch) {
        ProduceResult.Builder result =
                ProduceResult.newBuilder()
                        .setCorrelationId(batch.getCorrelationId())
                        .setTopic(batch.getTopic())
                        .setPartition(batch.getPartition());
        try {
            FakeTopic topic = cluster.topic(batch.getTopic());
            FakeLog log = log(topic, batch.getTopic(), batch.getPartition());
            if (batch.getPacked().size() > messageBytesMax) {
                throw new RejectedException(ErrorCode.MESSAGE_TOO_LARGE, "too large")
                        .with("limit", Integer.toString(messageBytesMax));
            }
            if (topic.leaders[batch.getPartition()] != id) {
                producedElsewhereLed.incrementAndGet();
            }
            result.setBaseOffset(log.append(batch.getPacked().toByteArray()));
        } catch (RejectedException refused) {
            result.setError(RejectionCodec.toProto(refused));
        }
        return result.build();
    }

    private final class Log extends LogServiceGrpc.LogServiceImplBase {

        @Override
        public StreamObserver<ProduceRequest> produce(StreamObserver<ProduceResponse> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(ProduceRequest request) {
                    for (ProduceBatch batch : request.getBatchesList()) {
                        ProduceResult result = append(batch);
                        if (produced.incrementAndGet() == breakAfterBatches) {
                            answers.onError(Status.UNAVAILABLE.asRuntimeException());
                            return;
                        }
                        answers.onNext(ProduceResponse.newBuilder().addResults(result).build());
                    }
                    cluster.pump();
                }

                @Override
                public void onError(Throwable gone) {}

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }

        @Override
        public StreamObserver<FetchRequest> fetch(StreamObserver<FetchResponse> answers) {
            return new FetchStream((ServerCallStreamObserver<FetchResponse>) answers);
        }

        @Override
        public void listOffsets(
                ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> answers) {
            ListOffsetsResponse.Builder response = ListOffsetsResponse.newBuilder();
            for (OffsetQuery query : request.getQueriesList()) {
                OffsetAnswer.Builder answer =
                        OffsetAnswer.newBuilder()
                                .setTopic(query.getTopic())
                                .setPartition(query.getPartition());
                try {
                    FakeTopic topic = cluster.topic(query.getTopic());
                    FakeLog log = log(topic, query.getTopic(), query.getPartition());
                    answer.setOffset(query.hasEarliest() ? log.startOffset() : log.endOffset());
                } catch (RejectedException refused) {
                    answer.setError(RejectionCodec.toProto(refused));
                }
                response.addAnswers(answer);
            }
            answers.onNext(response.build());
            answers.onCompleted();
        }

        @Override
        public void deleteRecords(
                DeleteRecordsRequest request, StreamObserver<DeleteRecordsResponse> answers) {
            DeleteRecordsResponse.Builder response = DeleteRecordsResponse.newBuilder();
            for (RecordDeletion deletion : request.getDeletionsList()) {
                RecordDeletionResult.Builder result =
                        RecordDeletionResult.newBuilder()
                                .setTopic(deletion.getTopic())
                                .setPartition(deletion.getPartition());
                try {
                    FakeTopic topic = cluster.topic(deletion.getTopic());
                    FakeLog log = log(topic, deletion.getTopic(), deletion.getPartition());
                    String refusal = deletionRefusals.poll();
                    if (refusal != null) {
                        throw new RejectedException(ErrorCode.valueOf(refusal), "not now");
                    }
                    result.setLogStartOffset(log.deleteBefore(deletion.getBeforeOffset()));
                } catch (RejectedException refused) {
                    result.setError(RejectionCodec.toProto(refused));
                }
                response.addResults(result);
            }
            answers.onNext(response.build());
            answers.onCompleted();
        }

        @Override
        public void initProducer(
                InitProducerRequest request, StreamObserver<InitProducerResponse> answers) {
            answers.onNext(
                    InitProducerResponse.newBuilder()
                            .setProducerId(cluster.nextProducerId())
                            .build());
            answers.onCompleted();
        }
    }

    private static final class Reader {
        private final FetchSubscription subscription;
        private long offset;

        Reader(FetchSubscription subscription) {
            this.subscription = subscription;
            this.offset = subscription.getOffset();
        }
    }

    private final class FetchStream implements StreamObserver<FetchRequest> {

        private final ServerCallStreamObserver<FetchResponse> answers;
        private final List<Reader> readers = new ArrayList<>();
        private long credit;

        FetchStream(ServerCallStreamObserver<FetchResponse> answers) {
            this.answers = answers;
            streams.add(this);
            answers.setOnCancelHandler(() -> streams.remove(this));
        }

        @Override
        public void onNext(FetchRequest request) {
            synchronized (this) {
                request.getSubscribeList().forEach(each -> readers.add(new Reader(each)));
                readers.removeIf(
                        each ->
                                request.getUnsubscribeIdsList()
                                        .contains(each.subscription.getSubscriptionId()));
                credit += request.getCreditBytes();
            }
            pump();
        }

        private synchronized void pump() {
            for (Reader reader : List.copyOf(readers)) {
                FetchSubscription to = reader.subscription;
                FakeTopic topic = cluster.topic(to.getTopic());
                if (topic == null) {
                    readers.remove(reader);
                    RejectedException why =
                            new RejectedException(ErrorCode.TOPIC_NOT_FOUND, "deleted");
                    send(FetchData.newBuilder().setError(RejectionCodec.toProto(why)), to);
                    continue;
                }
                for (FakeLog.Batch batch : topic.logs[to.getPartition()].from(reader.offset)) {
                    if (credit <= 0) {
                        return;
                    }
                    credit -= batch.bytes().length;
                    reader.offset = batch.nextOffset();
                    send(
                            FetchData.newBuilder()
                                    .setNextOffset(batch.nextOffset())
                                    .setPacked(ByteString.copyFrom(batch.bytes())),
                            to);
                }
            }
        }

        private void send(FetchData.Builder data, FetchSubscription to) {
            data.setSubscriptionId(to.getSubscriptionId())
                    .setTopic(to.getTopic())
                    .setPartition(to.getPartition());
            if (!answers.isCancelled()) {
                answers.onNext(FetchResponse.newBuilder().addData(data).build());
            }
        }

        @Override
        public void onError(Throwable gone) {
            streams.remove(this);
        }

        @Override
        public void onCompleted() {
            streams.remove(this);
        }
    }
}
