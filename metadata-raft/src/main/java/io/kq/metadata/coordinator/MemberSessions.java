package io.kq.metadata.coordinator;

import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.shard.GroupImage;
import io.kq.metadata.shard.ShardImage;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The members that a coordinator speaks with, from when it was ready to when it lost its
 * leadership: soft state, made anew by the next one out of what is written. Loop thread only.
 */
final class MemberSessions {

    /** By group and member. */
    private final Map<String, Map<String, MemberSession>> groups = new HashMap<>();

    private final Map<MemberStream, MemberSession> byStream = new HashMap<>();

    /** All members that are written, none of them heard yet. */
    MemberSessions(ShardImage image, long nowNanos) {
        image.groups()
                .values()
                .forEach(
                        group ->
                                group.group()
                                        .members()
                                        .values()
                                        .forEach(
                                                member ->
                                                        put(
                                                                new MemberSession(
                                                                        group.group().id(),
                                                                        member,
                                                                        nowNanos))));
    }

    private void put(MemberSession session) {
        groups.computeIfAbsent(session.groupId, id -> new TreeMap<>())
                .put(session.memberId, session);
    }

    private @Nullable MemberSession get(String groupId, String memberId) {
        Map<String, MemberSession> members = groups.get(groupId);
        return members == null ? null : members.get(memberId);
    }

    /** A member that is written is here by {@code stream}. */
    void attach(String groupId, GroupMember member, MemberStream stream, long nowNanos) {
        MemberSession session = get(groupId, member.id());
        if (session == null) {
            session = new MemberSession(groupId, member, nowNanos);
            put(session);
        }
        session.attach(stream, member, nowNanos)
                .ifPresent(
                        old -> {
                            byStream.remove(old);
                            old.fenced(CoordinatorRefusals.replaced(member.id()));
                        });
        byStream.put(stream, session);
        stream.joined(member);
        if (!stream.isOpen()) {
            broken(stream, nowNanos);
        }
    }

    /** The member that calls by {@code stream}. */
    Optional<MemberSession> of(MemberStream stream) {
        return Optional.ofNullable(byStream.get(stream));
    }

    void heard(MemberStream stream, long nowNanos) {
        of(stream).ifPresent(session -> session.heard(nowNanos));
    }

    /** The same, and it wants to hear that somebody is here. */
    void beaten(MemberStream stream, long nowNanos) {
        of(stream)
                .ifPresent(
                        session -> {
                            session.heard(nowNanos);
                            stream.alive();
                        });
    }

    /** It could not be removed: it will be named again. */
    void spare(Death death) {
        MemberSession session = get(death.groupId(), death.memberId());
        if (session != null) {
            session.spare();
        }
    }

    void broken(MemberStream stream, long nowNanos) {
        MemberSession session = byStream.remove(stream);
        if (session != null) {
            session.detach(stream, nowNanos);
        }
    }

    /** Tells members of {@code groupId} what is new to them: what is written is the truth. */
    void tell(String groupId, ShardImage image, long nowNanos) {
        Map<String, MemberSession> members = groups.get(groupId);
        if (members == null) {
            return;
        }
        Optional<GroupImage> group = image.group(groupId);
        for (MemberSession session : List.copyOf(members.values())) {
            Optional<GroupMember> member =
                    group.flatMap(known -> known.group().member(session.memberId));
            if (member.isPresent()) {
                session.tell(group.get(), member.get(), nowNanos);
            } else {
                members.remove(session.memberId);
                session.stream()
                        .ifPresent(
                                stream -> {
                                    byStream.remove(stream);
                                    stream.fenced(
                                            CoordinatorRefusals.gone(
                                                    group.map(GroupImage::group)
                                                            .orElseGet(
                                                                    () ->
                                                                            ConsumerGroup.empty(
                                                                                    groupId)),
                                                    session.memberId,
                                                    session.instanceId()));
                                });
            }
        }
        if (members.isEmpty()) {
            groups.remove(groupId);
        }
    }

    /** Nobody is counted as silent for this time. */
    void forgive(long nanos) {
        groups.values()
                .forEach(members -> members.values().forEach(session -> session.forgive(nanos)));
    }

    /**
     * One that is to be removed.
     *
     * @param cause for people
     */
    record Death(String groupId, String memberId, String cause) {}

    /** Those that have to be taken for dead now; each is named once. */
    Collection<Death> deaths(long nowNanos) {
        List<Death> deaths = new ArrayList<>();
        groups.forEach(
                (groupId, members) ->
                        members.forEach(
                                (memberId, session) ->
                                        session.death(nowNanos)
                                                .ifPresent(
                                                        cause ->
                                                                deaths.add(
                                                                        new Death(
                                                                                groupId, memberId,
                                                                                cause)))));
        return deaths;
    }

    /** Nobody is a member here any more: another coordinator is at work, or will be. */
    void end(RejectedException why) {
        List<MemberStream> streams = List.copyOf(byStream.keySet());
        byStream.clear();
        groups.clear();
        streams.forEach(stream -> stream.fenced(why));
    }
}
