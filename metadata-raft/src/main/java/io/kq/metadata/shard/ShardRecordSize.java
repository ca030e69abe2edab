package io.kq.metadata.shard;

import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.MemberChanged;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.metadata.shard.ShardRecord.OffsetsRemoved;
import io.kq.metadata.shard.ShardRecord.ShareChanged;

/**
 * How many bytes records take in a shard's log, at most: known before they are encoded, so that no
 * entry grows beyond what the log takes.
 */
public final class ShardRecordSize {

    /** Tags, lengths, and the few numbers of a record. */
    private static final int FRAME = 64;

    /** A partition with an epoch, tags and lengths included. */
    private static final int PARTITION = 48;

    private ShardRecordSize() {}

    /** Of all of them. */
    public static long bound(Iterable<ShardRecord> records) {
        long bytes = 0;
        for (ShardRecord record : records) {
            bytes += FRAME + text(record.groupId()) + body(record);
        }
        return bytes;
    }

    private static long body(ShardRecord record) {
        if (record instanceof GroupChanged changed) {
            return text(changed.reason()) + (long) PARTITION * changed.partitionCounts().size();
        }
        if (record instanceof MemberChanged changed) {
            return member(changed.member());
        }
        if (record instanceof ShareChanged changed) {
            return (long) PARTITION * changed.share().size();
        }
        if (record instanceof OffsetsRemoved removed) {
            return (long) PARTITION * removed.partitions().size();
        }
        if (record instanceof OffsetsCommitted committed) {
            long bytes = 0;
            for (CommittedOffset offset : committed.offsets().values()) {
                bytes += PARTITION + FRAME + text(offset.metadata());
            }
            return bytes;
        }
        return FRAME;
    }

    private static long member(GroupMember member) {
        MemberInfo info = member.info();
        long bytes =
                FRAME
                        + text(member.id())
                        + text(info.instanceId())
                        + text(info.clientId())
                        + text(info.clientHost())
                        + text(info.assignor())
                        + text(info.subscription().topicPattern());
        for (String name : info.subscription().topicNames()) {
            bytes += text(name);
        }
        return bytes + (long) PARTITION * (member.assigned().size() + member.revoking().size());
    }

    /** A character takes at most three bytes. */
    private static long text(String text) {
        return 8 + 3L * text.length();
    }
}
