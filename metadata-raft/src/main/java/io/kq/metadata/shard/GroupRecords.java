package io.kq.metadata.shard;

import io.kq.metadata.assignor.Shares;
import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.shard.ShardRecord.GroupChanged;
import io.kq.metadata.shard.ShardRecord.MemberChanged;
import io.kq.metadata.shard.ShardRecord.MemberRemoved;
import io.kq.metadata.shard.ShardRecord.ShareChanged;
import io.kq.metadata.shard.ShardRecord.ShareRemoved;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has to be written down so that one group becomes another one. Pure. */
public final class GroupRecords {

    private GroupRecords() {}

    /** Nothing if both are the same: a decision without effect writes nothing. */
    public static List<ShardRecord> between(ConsumerGroup before, ConsumerGroup after) {
        String id = after.id();
        List<ShardRecord> records = new ArrayList<>();
        if (before.epoch() != after.epoch()
                || !before.partitionCounts().equals(after.partitionCounts())) {
            records.add(
                    new GroupChanged(id, after.epoch(), after.reason(), after.partitionCounts()));
        }
        before.members().keySet().stream()
                .filter(member -> !after.members().containsKey(member))
                .forEach(member -> records.add(new MemberRemoved(id, member)));
        after.members()
                .forEach(
                        (memberId, member) -> {
                            if (!member.equals(before.members().get(memberId))) {
                                records.add(new MemberChanged(id, member));
                            }
                        });
        shares(id, before.target(), after.target(), records);
        return records;
    }

    private static void shares(String id, Shares before, Shares after, List<ShardRecord> records) {
        Map<String, Set<TopicIdPartition>> former = before.byMember();
        former.keySet().stream()
                .filter(member -> !after.byMember().containsKey(member))
                .forEach(member -> records.add(new ShareRemoved(id, member)));
        after.byMember()
                .forEach(
                        (member, share) -> {
                            if (!share.equals(former.get(member))) {
                                records.add(new ShareChanged(id, member, share));
                            }
                        });
    }
}
