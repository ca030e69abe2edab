#!/usr/bin/env python3
"""A member of a consumer group, made from the .proto files alone: reads its share, commits after the work.

Usage: group_consumer.py HOST:PORT TOPIC GROUP IDLE_SECONDS        (run.sh beside this file makes the stubs)
"""
import queue
import sys
import threading
import time

import grpc
from kq.v1 import groups_pb2 as groups, groups_pb2_grpc, log_pb2 as log, log_pb2_grpc

address, topic, group, idle = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
channel = grpc.insecure_channel(address)
reader = log_pb2_grpc.LogServiceStub(channel)
to_say, heard = queue.Queue(), queue.Queue()
share, epoch, member_id = {}, 0, ""  # share: partition -> where to go on


def session():
    """One stream; what the coordinator says goes into a queue, its end too."""
    def words():
        yield groups.SessionRequest(join=groups.JoinGroup(
            group=group, member_id=member_id, client_id="python", topics=[topic]))
        while (word := to_say.get()) is not None:
            yield word
    try:
        for answer in groups_pb2_grpc.GroupServiceStub(channel).Session(words()):
            heard.put(answer)
    except grpc.RpcError as error:
        print(f"stream lost: {error.code().name}", file=sys.stderr)
    heard.put(None)


def hear(answer):
    """What is not in the assignment any more is dropped, and released."""
    global epoch, member_id
    if answer is None or answer.HasField("fenced"):
        sys.exit("error: " + (answer.fenced.error.message if answer else "the session ended"))
    if answer.HasField("joined"):
        member_id = answer.joined.member_id
    elif answer.HasField("assignment"):
        epoch, mine = answer.assignment.member_epoch, {p.partition: p for p in answer.assignment.assigned}
        for lost in share.keys() - mine.keys():
            del share[lost]
        for partition in mine.keys() - share.keys():
            share[partition] = max(0, mine[partition].committed_offset)
        if answer.assignment.awaits_release:
            to_say.put(groups.SessionRequest(release=groups.ReleasePartitions(version=answer.assignment.version)))


def read():
    """One long poll over the share; the work is to print, and then it is committed."""
    subscriptions = [log.FetchSubscription(subscription_id=p + 1, topic=topic, partition=p, offset=at) for p, at in share.items()]
    done = {}
    for data in reader.FetchOnce(log.FetchOnceRequest(max_wait_ms=200, subscriptions=subscriptions)).data:
        for record in data.plain.records:
            print(data.partition, record.offset, record.value.decode(), flush=True)
        if data.plain.records:
            share[data.partition] = done[data.partition] = data.next_offset
    if done:
        to_say.put(groups.SessionRequest(commit=groups.CommitSession(member_epoch=epoch, offsets=[
            groups.GroupOffset(topic=topic, partition=p, offset=at) for p, at in done.items()])))
    return bool(done)


threading.Thread(target=session, daemon=True).start()
last, beat = time.monotonic(), 0.0
while time.monotonic() - last < idle:
    while not heard.empty():
        hear(heard.get())
    if share and read():
        last = time.monotonic()
    elif not share:
        time.sleep(0.05)
    if time.monotonic() - beat > 1:
        beat = time.monotonic()
        to_say.put(groups.SessionRequest(heartbeat=groups.SessionHeartbeat()))
to_say.put(groups.SessionRequest(leave=groups.LeaveGroup()))
while (answer := heard.get()) is not None:  # commits first, then the end
    pass
