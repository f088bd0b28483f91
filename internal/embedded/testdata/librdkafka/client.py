"""What a service does with librdkafka, by way of confluent-kafka; see ../README.md."""

import os
import sys

from confluent_kafka import (
    Consumer, ConsumerGroupTopicPartitions, ConsumerGroupType, IsolationLevel, Producer, TopicCollection, TopicPartition,
)
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec, ResourceType,
)

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from scenarios import refusal, run, until  # noqa: E402


def service(brokers):
    """Returns the settings of a producer or a consumer, which may log in where the admin does not."""
    if "KAFKA_SASL_USERNAME" not in os.environ:
        return {"bootstrap.servers": brokers}
    return {
        "bootstrap.servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "security.protocol": "SASL_PLAINTEXT", "sasl.mechanisms": "PLAIN",
        "sasl.username": os.environ["KAFKA_SASL_USERNAME"], "sasl.password": os.environ["KAFKA_SASL_PASSWORD"],
    }


def words(error):
    return error.args[0].name()


def create(client, name, partitions=1, **configs):
    new = NewTopic(name, partitions, 1, config={k.replace("_", "."): v for k, v in configs.items()})
    client.create_topics([new])[name].result(30)
    until(lambda: client.list_topics(name).topics[name], lambda t: t.partitions and not t.error)


def result(futures):
    """Returns the result of the one future that an admin call answers with."""
    (future,) = futures.values()
    return future.result(30)


def read(brokers, group, name, count, **options):
    """Reads so many records from the start, as a member of a group, and commits."""
    consumer = Consumer({
        **service(brokers), "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
        **{k.replace("_", "."): v for k, v in options.items()},
    })
    consumer.subscribe([name])
    values = []
    while len(values) < count:
        message = consumer.poll(1)
        if message and not message.error():
            values.append(message.value().decode())
    consumer.commit(asynchronous=False)
    consumer.close()
    return values


def admin(brokers, topic, say):
    client = AdminClient({"bootstrap.servers": brokers})
    orders = topic("orders")
    create(client, orders, 3, cleanup_policy="compact", retention_ms="86400000")
    say("create again", refusal(words, create, client, orders))
    described = result(client.describe_topics(TopicCollection([orders])))
    say("described", [[p.id, len(p.replicas), len(p.isr)] for p in described.partitions])

    def settings(*names):
        configs = result(client.describe_configs([ConfigResource(ResourceType.TOPIC, orders)]))
        return {n: [configs[n].value, configs[n].source] for n in names}

    say("settings", settings("cleanup.policy", "max.message.bytes", "retention.ms"))
    entry = ConfigEntry("retention.ms", "7200000", incremental_operation=AlterConfigOpType.SET)
    client.incremental_alter_configs([ConfigResource(ResourceType.TOPIC, orders, incremental_configs=[entry])])
    say("altered", until(lambda: settings("retention.ms"), lambda s: s["retention.ms"][0] == "7200000"))
    result(client.create_partitions([NewPartitions(orders, 4)]))
    say("grown", until(lambda: len(client.list_topics(orders).topics[orders].partitions), lambda n: n == 4))
    say("unknown setting", refusal(words, create, client, topic("unknown"), nope="1"))
    say("bad value", refusal(words, create, client, topic("value"), retention_ms="abc"))
    say("bad name", refusal(words, create, client, topic("bad name!")))
    bad = ConfigEntry("retention.ms", "abc", incremental_operation=AlterConfigOpType.SET)
    say("alter to a bad value", refusal(words, lambda: result(
        client.incremental_alter_configs([ConfigResource(ResourceType.TOPIC, orders, incremental_configs=[bad])]))))
    cluster = client.describe_cluster().result(30)
    say("cluster", [len(cluster.nodes), cluster.controller is not None])
    result(client.delete_topics([orders]))
    say("delete again", refusal(words, lambda: result(client.delete_topics([orders]))))


def records(brokers, topic, say):
    client = AdminClient({"bootstrap.servers": brokers})
    compacted, plain = topic("compacted"), topic("plain.records")
    create(client, compacted, cleanup_policy="compact")
    create(client, plain)
    for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
        producer = Producer({**service(brokers), "compression.type": codec, "enable.idempotence": True})
        answers = []
        for n in range(3):
            producer.produce(plain, f"{codec} {n}" * 100, key=b"k", on_delivery=lambda e, m: answers.append(e))
        producer.flush()
        say(codec, [e and e.name() for e in answers])
    say("read", len(read(brokers, topic("records"), plain, 15)))
    producer = Producer(service(brokers))

    def send(name, value, **options):
        answers = []
        producer.produce(name, value, on_delivery=lambda e, m: answers.append(e.name() if e else m.offset()), **options)
        producer.flush()
        return answers[0]

    say("no key to a compacted topic", send(compacted, b"v"))
    say("with a key", send(compacted, b"v", key=b"k"))
    say("empty key", send(compacted, b"v", key=b""))
    say("of the year 4000", send(plain, b"v", timestamp=64_060_588_800_000))


def transactions(brokers, topic, say):
    client = AdminClient({"bootstrap.servers": brokers})
    name, source, group = topic("txn"), topic("txn.in"), topic("txn.group")
    create(client, name)
    create(client, source)

    def start():
        producer = Producer({**service(brokers), "transactional.id": topic("txn.id")})
        producer.init_transactions()
        return producer

    consumer = Consumer({**service(brokers), "group.id": group, "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(source, 0)])
    metadata = consumer.consumer_group_metadata()
    old = start()

    def transaction(end, *values, offset=None):
        old.begin_transaction()
        for value in values:
            old.produce(name, value, key=b"k")
        old.flush()
        if offset is not None:
            old.send_offsets_to_transaction([TopicPartition(source, 0, offset)], metadata)
        end()

    def committed():
        return [p.offset for p in consumer.committed([TopicPartition(source, 0)], 30)]

    say("before", committed())
    transaction(old.commit_transaction, "committed 1", "committed 2")
    transaction(old.abort_transaction, "aborted 1", offset=7)
    say("offsets of the aborted", committed())
    transaction(old.commit_transaction, "committed 3", offset=9)
    say("offsets of the committed", until(committed, lambda offsets: offsets[0] >= 0))
    old.begin_transaction()
    old.produce(name, "fenced", key=b"k")
    old.flush()
    young = start()
    say("fenced", refusal(words, old.commit_transaction))
    young.begin_transaction()
    young.produce(name, "committed 4", key=b"k")
    young.commit_transaction()
    say("read committed", read(brokers, topic("txn.committed"), name, 4, isolation_level="read_committed"))
    say("read uncommitted", read(brokers, topic("txn.uncommitted"), name, 6, isolation_level="read_uncommitted"))
    ends = [result(client.list_offsets({TopicPartition(name, 0): OffsetSpec.latest()}, isolation_level=level)).offset
            for level in (IsolationLevel.READ_COMMITTED, IsolationLevel.READ_UNCOMMITTED)]
    say("ends", ends)
    consumer.close()


def group(protocol):
    """Two members of one group, in either protocol."""

    def scenario(brokers, topic, say):
        client = AdminClient({"bootstrap.servers": brokers})
        name = topic(f"group.{protocol}")
        create(client, name, 4)
        classic = {"heartbeat.interval.ms": 200} if protocol == "classic" else {}

        def join(member):
            consumer = Consumer({
                **service(brokers), "group.id": name, "client.id": member, "group.protocol": protocol,
                "auto.offset.reset": "earliest", "enable.auto.commit": False, **classic,
            })
            consumer.subscribe([name])
            return consumer

        def assigned(*members):
            def poll():
                for member in members:
                    member.poll(0.05)
                return [len(member.assignment()) for member in members]

            return until(poll, lambda counts: all(count == 4 // len(members) for count in counts))

        a = join("a")
        say("one member", assigned(a))
        b = join("b")
        say("two members", assigned(a, b))
        described = until(
            lambda: result(client.describe_consumer_groups([name])), lambda g: g.state.name == "STABLE" and len(g.members) == 2)
        say("described", [
            described.type.name,
            sorted([m.client_id, len(m.assignment.topic_partitions)] for m in described.members),
        ])
        types = {"consumer": {ConsumerGroupType.CONSUMER}, "classic": {ConsumerGroupType.CLASSIC}}[protocol]
        listed = client.list_consumer_groups(types=types).result(30).valid
        say("listed", [[g.type.name, g.is_simple_consumer_group] for g in listed if g.group_id == name])
        a.commit(offsets=[TopicPartition(name, p.partition, 5) for p in a.assignment()], asynchronous=False)
        b.commit(offsets=[TopicPartition(name, p.partition, 5) for p in b.assignment()], asynchronous=False)
        b.close()
        say("one left", assigned(a))
        a.close()
        offsets = result(client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(name)]))
        say("committed", sorted([p.partition, p.offset] for p in offsets.topic_partitions))
        none = [TopicPartition(name, 0)]
        offsets = result(client.list_consumer_group_offsets([ConsumerGroupTopicPartitions(topic("none"), none)]))
        say("of no group", [p.offset for p in offsets.topic_partitions])
        result(client.delete_consumer_groups([name]))
        say("delete again", refusal(words, lambda: result(client.delete_consumer_groups([name]))))

    scenario.__name__ = f"{protocol}_group"
    return scenario


run(admin, records, transactions, group("classic"), group("consumer"))
