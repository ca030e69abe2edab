package io.kq.broker;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.Assignment;
import io.kq.v1.CommitOffsetsRequest;
import io.kq.v1.CreateTopicRequest;
import io.kq.v1.DeleteGroupRequest;
import io.kq.v1.DeleteOffsetsRequest;
import io.kq.v1.DeleteTopicRequest;
import io.kq.v1.FetchOffsetsRequest;
import io.kq.v1.GetGroupRequest;
import io.kq.v1.GroupOffset;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.GroupServiceGrpc.GroupServiceBlockingStub;
import io.kq.v1.GroupState;
import io.kq.v1.GroupSummary;
import io.kq.v1.JoinGroup;
import io.kq.v1.ListGroupsRequest;
import io.kq.v1.ListGroupsResponse;
import io.kq.v1.SessionHeartbeat;
import io.kq.v1.SessionRequest;
import io.kq.v1.TopicPartition;
import io.kq.v1.TopicServiceGrpc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Groups of one whole node, over the wire: right words, wrong ones, and many of them. */
@TestInstance(Lifecycle.PER_CLASS)
class GroupServiceIT {

    private InJvmNode node;

    @BeforeAll
    void start(@TempDir Path directory) {
        node = InJvmNode.start(directory, "coordination.shards=3");
        create("t");
    }

    @AfterAll
    void stop() {
        node.close();
        assertThat(node.faults()).isEmpty();
    }

    private void create(String topic) {
        create(topic, 2);
    }

    private void create(String topic, int partitions) {
        var unused =
                TopicServiceGrpc.newBlockingStub(node.channel())
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .createTopic(
                                CreateTopicRequest.newBuilder()
                                        .setName(topic)
                                        .setPartitionCount(partitions)
                                        .build());
    }

    private GroupServiceBlockingStub groups() {
        return GroupServiceGrpc.newBlockingStub(node.channel())
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private GroupSessionClient member() {
        return new GroupSessionClient(node.channel());
    }

    private static RejectedException refused(ThrowingCallable call) {
        return RejectionCodec.fromThrowable(catchThrowable(call));
    }

    private static GroupOffset offset(String topic, int partition, long offset) {
        return GroupOffset.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .build();
    }

    private void set(String group, GroupOffset... offsets) {
        var unused =
                groups().commitOffsets(
                                CommitOffsetsRequest.newBuilder()
                                        .setGroup(group)
                                        .addAllOffsets(List.of(offsets))
                                        .build());
    }

    private List<GroupOffset> offsets(String group) {
        return groups().fetchOffsets(FetchOffsetsRequest.newBuilder().setGroup(group).build())
                .getOffsetsList();
    }

    @Test
    void memberJoinsCommitsAndLeaves() throws InterruptedException {
        GroupSessionClient member = member();
        member.join(GroupSessionClient.join("works", "t"));
        assertThat(member.next().getJoined().getMemberId()).startsWith("test-");
        Assignment share = member.assignment();
        assertThat(share.getAssignedCount()).isEqualTo(2);
        assertThat(share.getAssigned(0).getCommittedOffset()).isEqualTo(-1);
        assertThat(member.commit(share.getMemberEpoch(), "t", 1, 5).getRefusedCount()).isZero();
        assertThat(offsets("works").get(0).getOffset()).isEqualTo(5);
        member.say(
                SessionRequest.newBuilder()
                        .setHeartbeat(SessionHeartbeat.getDefaultInstance())
                        .build());
        assertThat(member.next().hasHeartbeat()).isTrue();
        member.leave();
        member.awaitEnd();
        assertThat(
                        groups().getGroup(GetGroupRequest.newBuilder().setGroup("works").build())
                                .getSummary()
                                .getState())
                .isEqualTo(GroupState.GROUP_STATE_EMPTY);
    }

    /** Rules 4 and 11: words of before it got the partition, of others, of nobody. */
    @Test
    void commitsThatAreNotAMembersOwnAreRefusedAlone() throws InterruptedException {
        GroupSessionClient first = member();
        first.join(GroupSessionClient.join("mine", "t"));
        int epoch = first.assignment().getMemberEpoch();
        assertThat(first.commit(epoch - 1, "t", 0, 1).getRefused(0).getError().getReason())
                .isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH.name());
        assertThat(first.commit(epoch + 7, "t", 0, 1).getRefused(0).getError().getReason())
                .isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH.name());
        assertThat(first.commit(epoch, "nope", 0, 1).getRefused(0).getError().getReason())
                .isEqualTo(ErrorCode.TOPIC_NOT_FOUND.name());
        assertThat(first.commit(epoch, "t", 9, 1).getRefused(0).getError().getReason())
                .isEqualTo(ErrorCode.PARTITION_NOT_FOUND.name());
        assertThat(first.commit(epoch, "t", 0, -1).getRefused(0).getError().getReason())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT.name());
        GroupSessionClient second = member();
        second.join(GroupSessionClient.join("mine", "t"));
        Assignment waits = second.assignment();
        assertThat(waits.getAssignedCount()).isZero();
        Assignment less = first.assignment();
        assertThat(less.getAwaitsRelease()).isTrue();
        int stays = less.getAssigned(0).getPartition();
        assertThat(second.commit(waits.getMemberEpoch(), "t", stays, 9).getRefusedCount())
                .isEqualTo(1);
        first.release(less.getVersion() - 1);
        first.release(less.getVersion());
        Assignment moved = second.assignment();
        assertThat(moved.getAssignedCount()).isEqualTo(1);
        int gone = moved.getAssigned(0).getPartition();
        assertThat(gone).isNotEqualTo(stays);
        int present = first.assignment().getMemberEpoch();
        assertThat(first.commit(present, "t", gone, 3).getRefusedCount()).isEqualTo(1);
        assertThat(second.commit(moved.getMemberEpoch(), "t", gone, 3).getRefusedCount()).isZero();
        assertThat(refused(() -> set("mine", offset("t", 0, 0))).code())
                .isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
        first.leave();
        second.leave();
        first.awaitEnd();
        second.awaitEnd();
        assertThat(offsets("mine")).hasSize(1);
    }

    @Test
    void strangersAreNoMembers() throws InterruptedException {
        GroupSessionClient stranger = member();
        stranger.join(GroupSessionClient.join("closed", "t").setMemberId("test-of-somebody"));
        assertThat(stranger.end()).isEqualTo(ErrorCode.UNKNOWN_MEMBER);
        GroupSessionClient silent = member();
        silent.leave();
        assertThat(silent.end()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        GroupSessionClient empty = member();
        empty.say(SessionRequest.getDefaultInstance());
        assertThat(empty.end()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void joinsThatMakeNoSenseAreRefusedWithTheField() throws InterruptedException {
        JoinGroup.Builder good = GroupSessionClient.join("g", "t");
        List<JoinGroup.Builder> bad =
                List.of(
                        good.clone().setGroup(""),
                        good.clone().setGroup("x".repeat(4096)),
                        good.clone().setGroup("a\nb"),
                        good.clone().setClientId("x".repeat(4096)),
                        good.clone().setInstanceId("x".repeat(4096)),
                        good.clone().clearTopics(),
                        good.clone().setTopicPattern("("),
                        good.clone().setTopicPattern("(((a{1000}){1000}){1000})"),
                        good.clone().setTopicPattern("((a{2,1000}){9,})*"),
                        good.clone().setTopicPattern("(a+)+".repeat(300)),
                        good.clone().setAssignor("sticky"),
                        good.clone().setSessionTimeoutMs(1),
                        good.clone().setSessionTimeoutMs(-1),
                        good.clone().setRebalanceTimeoutMs(Integer.MAX_VALUE));
        for (JoinGroup.Builder join : bad) {
            GroupSessionClient member = member();
            member.join(join);
            assertThat(member.end()).as(join.toString()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        }
        GroupSessionClient member = member();
        member.join(good.clone().addTopics("a/b"));
        assertThat(member.end()).isEqualTo(ErrorCode.INVALID_TOPIC_NAME);
        assertThat(refused(() -> offsets("g")).code()).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    }

    /** A call that ended with a refusal is told nothing more: that would be the node's end. */
    @Test
    void wrongWordsOfAMemberEndItAlone() throws InterruptedException {
        GroupSessionClient good = member();
        good.join(GroupSessionClient.join("mixed", "t"));
        assertThat(good.assignment().getAssignedCount()).isEqualTo(2);
        List<SessionRequest> wrong =
                List.of(
                        SessionRequest.getDefaultInstance(),
                        SessionRequest.newBuilder()
                                .setJoin(GroupSessionClient.join("mixed", "t").setTopicPattern("("))
                                .build(),
                        SessionRequest.newBuilder()
                                .setJoin(GroupSessionClient.join("another", "t"))
                                .build());
        for (SessionRequest word : wrong) {
            GroupSessionClient bad = member();
            bad.join(GroupSessionClient.join("mixed", "t"));
            assertThat(bad.assignment().getAssignedCount()).isZero();
            good.release(good.assignment().getVersion());
            bad.say(word);
            assertThat(bad.end()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            Assignment again = good.assignment();
            while (again.getAssignedCount() < 2) {
                again = good.assignment();
            }
        }
        good.leave();
        good.awaitEnd();
        assertThat(node.faults()).isEmpty();
    }

    @Test
    void memberThatSaysNothingMoreIsGone() throws InterruptedException {
        GroupSessionClient member = member();
        member.join(GroupSessionClient.join("quiet", "t"));
        assertThat(member.assignment().getAssignedCount()).isEqualTo(2);
        member.saysNothingMore();
        member.awaitEnd();
        eventually(
                "it is no member",
                () ->
                        groups().getGroup(GetGroupRequest.newBuilder().setGroup("quiet").build())
                                        .getMembersCount()
                                == 0);
    }

    @Test
    void commitThatNoEntryTakesIsRefusedAndTheNextOneIsNot() {
        create("wide", 600);
        List<GroupOffset> many = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            many.add(offset("wide", i, 1).toBuilder().setMetadata("x".repeat(4000)).build());
        }
        assertThat(refused(() -> set("large", many.toArray(GroupOffset[]::new))).code())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        set("large", many.get(0));
        assertThat(offsets("large")).hasSize(1);
    }

    @Test
    void unknownGroupsAreNotFound() {
        for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                        () -> offsets("nope"),
                        () ->
                                groups().getGroup(
                                                GetGroupRequest.newBuilder()
                                                        .setGroup("nope")
                                                        .build()),
                        () ->
                                groups().deleteGroup(
                                                DeleteGroupRequest.newBuilder()
                                                        .setGroup("nope")
                                                        .build()),
                        () ->
                                groups().deleteOffsets(
                                                DeleteOffsetsRequest.newBuilder()
                                                        .setGroup("nope")
                                                        .build()))) {
            RejectedException why = refused(call);
            assertThat(why.code()).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
            assertThat(why.definite()).isTrue();
        }
        assertThat(refused(() -> offsets("")).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(refused(() -> offsets("x".repeat(4096))).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void offsetsAreSetAndForgottenAndGoWithTheirTopic() {
        create("goes");
        set("outside", offset("t", 0, 3), offset("t", 1, 4), offset("goes", 0, 5));
        assertThat(offsets("outside"))
                .extracting(GroupOffset::getOffset)
                .containsExactly(5L, 3L, 4L);
        assertThat(refused(() -> set("outside", offset("t", 0, -2))).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(
                        refused(
                                        () ->
                                                set(
                                                        "outside",
                                                        offset("t", 0, 2).toBuilder()
                                                                .setMetadata("x".repeat(5000))
                                                                .build()))
                                .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(
                        groups().deleteOffsets(
                                        DeleteOffsetsRequest.newBuilder()
                                                .setGroup("outside")
                                                .addPartitions(
                                                        TopicPartition.newBuilder().setTopic("t"))
                                                .build())
                                .getDeletedCount())
                .isEqualTo(1);
        var unused =
                TopicServiceGrpc.newBlockingStub(node.channel())
                        .deleteTopic(DeleteTopicRequest.newBuilder().setName("goes").build());
        create("goes");
        eventually("its offsets are gone", () -> offsets("outside").size() == 1);
        assertThat(offsets("outside").get(0).getOffset()).isEqualTo(4);
    }

    /** Three shards, pages of a thousand, each group once. */
    @Test
    void tenThousandGroupsAreListedInPages() throws Exception {
        for (int i = 0; i < 10_000; i += 500) {
            var stub = GroupServiceGrpc.newFutureStub(node.channel());
            List<Future<?>> calls = new ArrayList<>();
            for (int j = i; j < i + 500; j++) {
                calls.add(
                        stub.commitOffsets(
                                CommitOffsetsRequest.newBuilder()
                                        .setGroup(String.format("many-%05d", j))
                                        .addOffsets(offset("t", 0, j))
                                        .build()));
            }
            for (Future<?> call : calls) {
                call.get(30, TimeUnit.SECONDS);
            }
        }
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            ListGroupsResponse page =
                    groups().listGroups(
                                    ListGroupsRequest.newBuilder()
                                            .setPageSize(5000)
                                            .setPageToken(token)
                                            .build());
            assertThat(page.getGroupsCount()).isLessThanOrEqualTo(1000);
            page.getGroupsList().stream()
                    .map(GroupSummary::getGroup)
                    .filter(name -> name.startsWith("many-"))
                    .forEach(names::add);
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(names).hasSize(10_000).doesNotHaveDuplicates().isSorted();
        assertThat(offsets("many-09999").get(0).getOffset()).isEqualTo(9999);
        assertThat(
                        refused(
                                        () ->
                                                groups().listGroups(
                                                                ListGroupsRequest.newBuilder()
                                                                        .setPageToken("?")
                                                                        .build()))
                                .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
}
