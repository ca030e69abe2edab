#!/usr/bin/env python3
"""Creates a topic, writes records with keys, reads them back: with nothing but the stubs made from the .proto files.

Usage: kq_first_steps.py HOST:PORT TOPIC        (make the stubs first: see run.sh beside this file)
"""
import sys
import time
import uuid

import grpc
from kq.v1 import log_pb2, log_pb2_grpc, records_pb2, topics_pb2, topics_pb2_grpc

TRUCKS = 5
POSITIONS = 20
PATIENCE_SECONDS = 10


def reason(error):
    """Why a call failed, in kq's words: every client can read this trailer."""
    return dict(error.trailing_metadata() or ()).get("kq-reason", error.code().name)


def create_topic(channel, topic):
    request = topics_pb2.CreateTopicRequest(
        request_id=str(uuid.uuid4()), name=topic, partition_count=3)
    answer = topics_pb2_grpc.TopicServiceStub(channel).CreateTopic(request, timeout=10)
    print(f"created {answer.topic.name} with {len(answer.topic.partitions)} partitions")
    return len(answer.topic.partitions)


def fetch_once(log, topic, partition, offset, max_wait_ms):
    """One long poll for one partition."""
    return log.FetchOnce(log_pb2.FetchOnceRequest(
        max_wait_ms=max_wait_ms,
        subscriptions=[log_pb2.FetchSubscription(
            subscription_id=1, topic=topic, partition=partition, offset=offset,
            format=log_pb2.RECORD_FORMAT_PLAIN)]), timeout=10).data


def await_leaders(channel, topic, partitions):
    """A topic is there at once, its leaders a moment later. Who does not ask sends again what is `retriable`."""
    log = log_pb2_grpc.LogServiceStub(channel)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for partition in range(partitions):
        while True:
            answer = fetch_once(log, topic, partition, 0, max_wait_ms=0)
            errors = [data.error for data in answer if data.HasField("error")]
            if not errors:
                break
            if not errors[0].retriable or time.monotonic() > deadline:
                sys.exit(f"error: {errors[0].message} [{errors[0].reason}]")
            time.sleep(0.05)


def positions(partitions, topic):
    """One request per record; the partition is chosen by the key, so that a truck's order is kept."""
    for number in range(POSITIONS):
        for truck in range(TRUCKS):
            key = f"truck_{truck}".encode()
            value = f"{12.9 + number / 100:.2f},77.6".encode()
            yield log_pb2.ProduceRequest(batches=[log_pb2.ProduceBatch(
                correlation_id=number * TRUCKS + truck,
                topic=topic,
                partition=sum(key) % partitions,
                acks=log_pb2.ACKS_ALL,
                plain=records_pb2.Records(records=[records_pb2.Record(key=key, value=value)]))])


def produce(channel, topic, partitions):
    """A stream of requests, a stream of answers: one result for each batch."""
    acknowledged = 0
    for response in log_pb2_grpc.LogServiceStub(channel).Produce(positions(partitions, topic)):
        for result in response.results:
            if result.HasField("error"):
                sys.exit(f"error: not written: {result.error.message} [{result.error.reason}]")
            acknowledged += 1
    print(f"acknowledged {acknowledged}")
    return acknowledged


def read_all(channel, topic, partitions):
    """Long polls from offset 0 to the high watermark of each partition."""
    log = log_pb2_grpc.LogServiceStub(channel)
    by_key = {}
    for partition in range(partitions):
        offset, end = 0, 1
        while offset < end:
            answer = fetch_once(log, topic, partition, offset, max_wait_ms=500)
            if not answer:
                break
            for data in answer:
                if data.HasField("error"):
                    sys.exit(f"error: not read: {data.error.message} [{data.error.reason}]")
                for record in data.plain.records:
                    by_key.setdefault(record.key, []).append(record.value)
                offset, end = max(offset, data.next_offset), data.high_watermark
    return by_key


def main():
    if len(sys.argv) != 3:
        sys.exit("error: usage: kq_first_steps.py HOST:PORT TOPIC")
    address, topic = sys.argv[1], sys.argv[2]
    with grpc.insecure_channel(address) as channel:
        try:
            partitions = create_topic(channel, topic)
            await_leaders(channel, topic, partitions)
            written = produce(channel, topic, partitions)
            by_key = read_all(channel, topic, partitions)
        except grpc.RpcError as error:
            sys.exit(f"error: {error.details()} [{reason(error)}]")
    read = sum(len(values) for values in by_key.values())
    in_order = all(values == sorted(values) for values in by_key.values())
    print(f"read back {read} records of {len(by_key)} trucks, each in order: {in_order}")
    if read != written or len(by_key) != TRUCKS or not in_order:
        sys.exit("error: what was read is not what was written")


if __name__ == "__main__":
    main()
