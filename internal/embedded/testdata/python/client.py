"""What a service does with kafka-python; see ../README.md."""

import os
import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, NewTopic
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from scenarios import refusal, run, until  # noqa: E402

YEAR = 365 * 24 * 3600 * 1000  # in milliseconds


def words(error):
    return type(error).__name__


def service(brokers):
    """Returns the settings of a producer or a consumer, which may log in where the admin does not."""
    if "KAFKA_SASL_USERNAME" not in os.environ:
        return {"bootstrap_servers": brokers}
    return {
        "bootstrap_servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"], "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN",
        "sasl_plain_username": os.environ["KAFKA_SASL_USERNAME"], "sasl_plain_password": os.environ["KAFKA_SASL_PASSWORD"],
    }


def create(admin, name, partitions=1, **configs):
    """Makes a topic and waits until it can be used."""
    answer = admin.create_topics(
        [NewTopic(name, partitions, 1, topic_configs={k.replace("_", "."): v for k, v in configs.items()})],
        wait_for_metadata=True,
    )
    return answer["topics"][0]


def settings(admin, name, *names):
    described = admin.describe_configs([ConfigResource("TOPIC", name, list(names))], config_filter="all")
    configs = described["topic"][name]
    return {n: [configs[n]["value"], str(configs[n]["config_source"])] for n in sorted(configs)}


def read(brokers, group, name, count, **options):
    """Reads so many records from the start, as a member of a group, and commits."""
    consumer = KafkaConsumer(
        name, **service(brokers), group_id=group, auto_offset_reset="earliest",
        enable_auto_commit=False, fetch_max_wait_ms=100, **options,
    )
    records = []
    while len(records) < count:
        for batch in consumer.poll(1000).values():
            records += batch
    consumer.commit()
    consumer.close()
    return [record.value.decode() for record in records]


def admin(brokers, topic, say):
    client = KafkaAdminClient(bootstrap_servers=brokers)
    orders = topic("orders")
    created = create(client, orders, 3, cleanup_policy="compact", retention_ms="86400000")
    say("create", [created["name"], created["error_code"], created["num_partitions"], created["replication_factor"]])
    configs = created["configs"]
    say("with configs", {n: configs[n]["value"] for n in ("cleanup.policy", "max.message.bytes", "retention.ms")})
    say("create again", refusal(words, create, client, orders))
    say("settings", settings(client, orders, "retention.ms", "cleanup.policy", "max.message.bytes"))
    modified = client.describe_configs([ConfigResource("TOPIC", orders)])
    say("modified", {n: c["value"] for n, c in modified["topic"][orders].items()})
    plain = create(client, topic("plain"), -1)
    say("by default", [plain["num_partitions"], plain["replication_factor"]])
    del plain["configs"]["segment.bytes"]  # the embedded Kafka's are smaller
    say("made with", {n: c["value"] for n, c in sorted(plain["configs"].items())})
    described = client.describe_configs([ConfigResource("TOPIC", topic("plain"))], config_filter="all")["topic"][topic("plain")]
    say("described", {n: [described[n]["value"], described[n]["config_type"]] for n in sorted(plain["configs"])})
    client.alter_configs([ConfigResource("TOPIC", orders, {"retention.ms": "7200000"})])
    say("altered", until(
        lambda: settings(client, orders, "retention.ms", "cleanup.policy"), lambda s: s["retention.ms"][0] == "7200000"))
    client.create_partitions({orders: 4})
    say("grown", until(lambda: len(client.describe_topics([orders])[0]["partitions"]), lambda n: n == 4))

    say("unknown setting", refusal(words, create, client, topic("unknown"), nope="1"))
    say("bad value", refusal(words, create, client, topic("value"), retention_ms="abc"))
    say("out of bounds", refusal(words, create, client, topic("bounds"), min_insync_replicas="0"))
    say("bad name", refusal(words, create, client, topic("bad name!")))
    say("collides", [create(client, topic("a.b"))["error_code"], refusal(words, create, client, topic("a_b"))])
    for name, value in [("nope", "1"), ("retention.ms", "abc"), ("min.insync.replicas", "0")]:
        answer = client.alter_configs([ConfigResource("TOPIC", orders, {name: value})], raise_on_unknown=False)
        say(f"alter {name}", answer["topic"][orders])
    asked = [orders, topic("plain"), topic("unknown"), topic("value"), topic("bounds")]
    say("listed", sorted(set(asked) & set(client.list_topics())))
    client.delete_topics([orders])
    say("delete again", refusal(words, client.delete_topics, [orders]))
    say("brokers", len(client.describe_cluster()["brokers"]))
    client.close()


def groups(brokers, topic, say):
    client = KafkaAdminClient(bootstrap_servers=brokers)
    name, group = topic("groups"), topic("groups.group")
    create(client, name, 2, retention_ms="-1")  # the records are of 1970
    producer = KafkaProducer(**service(brokers))
    for n in range(6):
        producer.send(name, f"v{n}".encode(), key=b"k", partition=n % 2, timestamp_ms=1_000_000 * (n + 1))
    producer.flush()
    producer.close()
    say("read", sorted(read(brokers, group, name, 6)))
    listed = until(
        lambda: [g for g in client.list_groups() if g["group_id"] == group], lambda g: g and g[0]["group_state"] == "Empty")
    say("listed", [listed[0]["protocol_type"], listed[0]["group_state"], listed[0]["group_type"]])
    say("by type", [g["group_id"] for g in client.list_groups(types_filter=["classic"]) if g["group_id"] == group])
    say("by state", [g["group_id"] for g in client.list_groups(states_filter=["stable"]) if g["group_id"] == group])
    say("described", client.describe_groups([group])[group]["group_state"])
    partitions = [TopicPartition(name, p) for p in range(2)]
    offsets = client.list_group_offsets({group: partitions})
    say("offsets", [offsets[group][p].offset for p in partitions])
    say("offsets of none", [o.offset for o in client.list_group_offsets({topic("none"): partitions})[topic("none")].values()])
    client.alter_group_offsets(group, {partitions[0]: OffsetAndMetadata(1, "", -1)})
    say("altered", client.list_group_offsets(group)[group][partitions[0]].offset)
    client.delete_records({partitions[1]: 2})
    consumer = KafkaConsumer(**service(brokers))
    bounds = [consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)]
    say("bounds", [[b[p] for p in partitions] for b in bounds])
    by_time = consumer.offsets_for_times({partitions[0]: 3_000_000, partitions[1]: 9_000_000})
    say("by time", [by_time[p] and [by_time[p].offset, by_time[p].timestamp] for p in partitions])
    consumer.close()
    say("delete", client.delete_groups([group]))
    say("delete again", client.delete_groups([group]))
    client.close()


def judged_records(brokers, topic, say):
    client = KafkaAdminClient(bootstrap_servers=brokers)
    compacted, plain, stamped = topic("compacted"), topic("plain.records"), topic("stamped")
    create(client, compacted, cleanup_policy="compact")
    create(client, plain)
    create(client, stamped, message_timestamp_type="LogAppendTime")
    # Not the idempotent one: a record that is refused fails the next one too.
    producer = KafkaProducer(**service(brokers), enable_idempotence=False, retries=0)
    now = int(time.time() * 1000)

    def send(name, **record):
        def offset():
            return producer.send(name, **record).get(30).offset

        try:
            return offset()
        except KafkaError as error:
            return words(error)

    say("key to a compacted topic", send(compacted, key=b"k", value=b"v"))
    say("tombstone", send(compacted, key=b"k", value=None))
    say("no key", send(compacted, value=b"v"))
    say("then a key", send(compacted, key=b"k", value=b"v"))
    say("a minute ahead", send(plain, value=b"v", timestamp_ms=now + 60_000))
    say("four months ahead", send(plain, value=b"v", timestamp_ms=now + YEAR // 3))
    say("in nanoseconds", send(plain, value=b"v", timestamp_ms=now * 1_000_000))
    say("of 1970", send(plain, value=b"v", timestamp_ms=1))
    say("a year ahead, stamped", send(stamped, value=b"v", timestamp_ms=now + YEAR))
    say("of 1970, stamped", send(stamped, value=b"v", timestamp_ms=1))
    client.alter_configs([ConfigResource("TOPIC", plain, {"message.timestamp.before.max.ms": "3600000"})])
    say("of 1970, then refused", until(lambda: send(plain, value=b"v", timestamp_ms=1), lambda said: isinstance(said, str)))
    client.alter_configs([ConfigResource("TOPIC", plain, {"message.timestamp.after.max.ms": str(YEAR)})])
    say("four months ahead, then taken", until(
        lambda: send(plain, value=b"v", timestamp_ms=now + YEAR // 3), lambda said: isinstance(said, int)) > 1)
    producer.close()

    consumer = KafkaConsumer(**service(brokers), auto_offset_reset="earliest")
    partition = TopicPartition(stamped, 0)
    consumer.assign([partition])
    records = []
    while len(records) < 2:
        records += [r for batch in consumer.poll(1000).values() for r in batch]
    say("stamped by the broker", [abs(r.timestamp - now) < 60_000 for r in records])
    consumer.close()
    client.close()


def transactions(brokers, topic, say):
    client = KafkaAdminClient(bootstrap_servers=brokers)
    name, source, group = topic("txn"), topic("txn.in"), topic("txn.group")
    create(client, name)
    create(client, source)
    producer = KafkaProducer(**service(brokers), transactional_id=topic("txn.id"))
    producer.init_transactions()

    def transaction(end, *values, offset=None):
        producer.begin_transaction()
        for value in values:
            producer.send(name, value.encode(), key=b"k")
        producer.flush()  # an abort would drop what is not sent yet
        if offset is not None:
            producer.send_offsets_to_transaction({TopicPartition(source, 0): OffsetAndMetadata(offset, "", -1)}, group)
        end()

    transaction(producer.commit_transaction, "committed 1", "committed 2")
    transaction(producer.abort_transaction, "aborted 1", offset=7)
    transaction(producer.commit_transaction, "committed 3", offset=9)
    offsets = until(lambda: client.list_group_offsets(group)[group], len)
    say("offsets", [o.offset for o in offsets.values()])
    listed = client.list_transactions()
    say("listed", str(listed).count(topic("txn.id")))
    young = KafkaProducer(**service(brokers), transactional_id=topic("txn.id"))
    young.init_transactions()
    producer.begin_transaction()
    say("fenced", refusal(words, producer.send(name, b"fenced", key=b"k").get, 30))
    young.begin_transaction()
    young.send(name, b"committed 4", key=b"k")
    young.commit_transaction()
    young.close()
    isolated = {"isolation_level": "read_committed"}
    say("read committed", read(brokers, topic("txn.committed"), name, 4, **isolated))
    say("read uncommitted", read(brokers, topic("txn.uncommitted"), name, 5))
    producer.close(1)
    client.close()


def rebalance(brokers, topic, say):
    client = KafkaAdminClient(bootstrap_servers=brokers)
    name, group = topic("rebalance"), topic("rebalance.group")
    create(client, name, 4)

    def assigned(*members):
        return until(
            lambda: [len(member.consumer.assignment()) for member in members],
            lambda counts: all(count == 4 // len(members) for count in counts),
        )

    a = Member(brokers, group, name)
    say("one member", assigned(a))
    b = Member(brokers, group, name)
    say("two members", assigned(a, b))
    say("all partitions", sorted(p.partition for p in a.consumer.assignment() | b.consumer.assignment()))
    described = client.describe_groups([group])[group]
    say("described", [described["protocol_type"], len(described["members"])])
    say("delete", client.delete_groups([group]))
    b.leave()
    say("one left", assigned(a))
    a.leave()
    client.close()


class Member:
    """A member of a group in a thread of its own. A poll that ends within a rebalance begins it anew,
    so that two members that are polled in turn may never come to an end."""

    def __init__(self, brokers, group, name):
        self.consumer = KafkaConsumer(
            name, **service(brokers), group_id=group, heartbeat_interval_ms=200,
            auto_offset_reset="earliest", fetch_max_wait_ms=100,
        )
        self.left = threading.Event()
        self.thread = threading.Thread(target=self.poll, daemon=True)
        self.thread.start()

    def poll(self):
        while not self.left.is_set():
            self.consumer.poll(1000)
        self.consumer.close()

    def leave(self):
        self.left.set()
        self.thread.join()


run(admin, groups, judged_records, transactions, rebalance)
