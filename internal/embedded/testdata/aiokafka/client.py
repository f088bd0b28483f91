"""What a service does with aiokafka; see ../README.md."""

import asyncio
import os
import sys
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from scenarios import run  # noqa: E402


def scenario(of):
    """Makes a scenario of a coroutine, with an event loop of its own."""

    def run(brokers, topic, say):
        asyncio.run(of(brokers, topic, say))

    run.__name__ = of.__name__
    return run


async def create(client, *names, partitions=1, configs=None):
    answer = await client.create_topics([NewTopic(name, partitions, 1, topic_configs=configs) for name in names])
    while any(t["error_code"] or len(t["partitions"]) < partitions for t in await client.describe_topics(list(names))):
        await asyncio.sleep(0.02)
    return [t[1] for t in answer.topic_errors]


async def read(brokers, group, name, count, **options):
    consumer = AIOKafkaConsumer(
        name, bootstrap_servers=brokers, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, **options)
    await consumer.start()
    values = [(await consumer.getone()).value.decode() for _ in range(count)]
    await consumer.commit()
    await consumer.stop()
    return values


@scenario
async def admin(brokers, topic, say):
    client = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await client.start()
    orders = topic("orders")
    say("create", await create(client, orders, partitions=3, configs={"retention.ms": "86400000"}))
    (described,) = await client.describe_topics([orders])
    say("described", sorted([p["partition"], len(p["replicas"])] for p in described["partitions"]))
    (answer,) = (await client.create_topics([NewTopic(orders, 3, 1)])).topic_errors
    say("create again", answer[1])
    (answer,) = (await client.create_topics([NewTopic(topic("unknown"), 1, 1, topic_configs={"nope": "1"})])).topic_errors
    say("unknown setting", answer[1])
    await client.delete_topics([orders])
    await client.close()


@scenario
async def groups(brokers, topic, say):
    client = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await client.start()
    name, group = topic("groups"), topic("groups.group")
    await create(client, name, partitions=2)
    async with AIOKafkaProducer(bootstrap_servers=brokers, enable_idempotence=True) as producer:
        for n in range(6):
            await producer.send_and_wait(name, f"v{n}".encode(), key=b"k", partition=n % 2)
    partitions = [TopicPartition(name, p) for p in range(2)]
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, group_id=group)
    await consumer.start()
    consumer.assign(partitions)
    say("before", [await consumer.committed(p) for p in partitions])
    say("read", sorted(await read(brokers, group, name, 6)))
    say("committed", [await consumer.committed(p) for p in partitions])
    await consumer.stop()
    say("listed", [protocol for listed, protocol in await client.list_consumer_groups() if listed == group])
    await client.close()


@scenario
async def transactions(brokers, topic, say):
    client = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await client.start()
    name, source, group = topic("txn"), topic("txn.in"), topic("txn.group")
    await create(client, name, source)
    producer = AIOKafkaProducer(bootstrap_servers=brokers, transactional_id=topic("txn.id"))
    await producer.start()
    async with producer.transaction():
        await producer.send_and_wait(name, b"committed 1", key=b"k")
    await producer.begin_transaction()
    await producer.send_and_wait(name, b"aborted", key=b"k")
    await producer.abort_transaction()
    async with producer.transaction():
        await producer.send_and_wait(name, b"committed 2", key=b"k")
        await producer.send_offsets_to_transaction({TopicPartition(source, 0): 9}, group)
    while not (offsets := await client.list_consumer_group_offsets(group)):
        await asyncio.sleep(0.02)
    say("offsets", [o.offset for o in offsets.values()])
    say("read committed", await read(brokers, topic("txn.committed"), name, 2, isolation_level="read_committed"))
    say("read uncommitted", await read(brokers, topic("txn.uncommitted"), name, 3))
    young = AIOKafkaProducer(bootstrap_servers=brokers, transactional_id=topic("txn.id"))
    await young.start()
    await producer.begin_transaction()
    try:
        await producer.send_and_wait(name, b"fenced", key=b"k")
        await producer.commit_transaction()
        say("fenced", "no error")
    except KafkaError as error:
        say("fenced", type(error).__name__)
    await young.stop()
    try:
        await producer.stop()
    except KafkaError:
        pass  # fenced
    await client.close()


@scenario
async def records(brokers, topic, say):
    client = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await client.start()
    compacted, plain = topic("compacted"), topic("plain")
    await create(client, compacted, configs={"cleanup.policy": "compact"})
    await create(client, plain)
    async with AIOKafkaProducer(bootstrap_servers=brokers) as producer:
        async def send(name, **record):
            try:
                return (await producer.send_and_wait(name, b"v", **record)).offset
            except KafkaError as error:
                return type(error).__name__

        say("key to a compacted topic", await send(compacted, key=b"k"))
        say("no key", await send(compacted))
        say("four months ahead", await send(plain, timestamp_ms=int(time.time() * 1000) + 120 * 24 * 3_600_000))
        say("now", await send(plain))
    await client.close()


run(admin, groups, transactions, records)
