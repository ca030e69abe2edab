package io.kq.metadata.codec;

import io.kq.internal.v1.FeedHeartbeat;
import io.kq.internal.v1.FollowResponse;
import io.kq.internal.v1.ImagePart;
import io.kq.metadata.publish.FeedItem;
import io.kq.metadata.record.MetadataRecord;

/** Items of a feed to protobuf and back. Any thread. */
public final class FeedCodec {

    private FeedCodec() {}

    /** For the sender. */
    public static FollowResponse toProto(FeedItem item) {
        FollowResponse.Builder response =
                FollowResponse.newBuilder()
                        .setIndex(item.index())
                        .setTerm(item.term())
                        .setControllerId(item.controllerId())
                        .setControllerTerm(item.controllerTerm());
        return item.accept(
                new FeedItem.Visitor<>() {
                    @Override
                    public FollowResponse onImage(FeedItem.ImagePart part) {
                        ImagePart.Builder image = ImagePart.newBuilder().setLast(part.last());
                        for (MetadataRecord record : part.records()) {
                            image.addRecords(record.accept(ToProto.INSTANCE));
                        }
                        return response.setImage(image).build();
                    }

                    @Override
                    public FollowResponse onBatch(FeedItem.Batch batch) {
                        return response.setBatch(BatchCodec.toProto(batch.batch())).build();
                    }

                    @Override
                    public FollowResponse onHeartbeat(FeedItem.Heartbeat heartbeat) {
                        return response.setHeartbeat(FeedHeartbeat.getDefaultInstance()).build();
                    }
                });
    }

    /**
     * For the follower.
     *
     * @throws UnknownRecordException the sender wrote what this version does not know: the node
     *     must stop, since it cannot have the same image as the others
     */
    public static FeedItem fromProto(FollowResponse item) {
        return switch (item.getItemCase()) {
            case IMAGE ->
                    new FeedItem.ImagePart(
                            item.getIndex(),
                            item.getTerm(),
                            item.getControllerId(),
                            item.getControllerTerm(),
                            item.getImage().getRecordsList().stream()
                                    .map(FromProto::record)
                                    .toList(),
                            item.getImage().getLast());
            case BATCH ->
                    new FeedItem.Batch(
                            item.getIndex(),
                            item.getTerm(),
                            item.getControllerId(),
                            item.getControllerTerm(),
                            BatchCodec.fromProto(item.getBatch()));
            case HEARTBEAT ->
                    new FeedItem.Heartbeat(
                            item.getIndex(),
                            item.getTerm(),
                            item.getControllerId(),
                            item.getControllerTerm());
            case ITEM_NOT_SET ->
                    throw new UnknownRecordException(
                            "an item of the metadata feed that this version does not know");
        };
    }
}
