"""Writes records with kafka-python, or reads them; see ../README.md."""

import base64
import json
import logging
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

PATIENCE = 60  # seconds for all records to come


def from_text(text):
    return None if text is None else base64.b64decode(text)


def to_text(data):
    return None if data is None else base64.b64encode(data).decode()


def write(brokers, targets):
    records = [json.loads(line) for line in sys.stdin.buffer]
    for topic, codec in targets:
        producer = KafkaProducer(
            bootstrap_servers=brokers,
            compression_type=None if codec == "none" else codec,
            linger_ms=100,
        )
        sent = [
            producer.send(
                topic,
                key=from_text(record["key"]),
                value=from_text(record["value"]),
                headers=[(h["key"], from_text(h["value"])) for h in record["headers"]],
                partition=record["partition"],
                timestamp_ms=record["timestamp"],
            )
            for record in records
        ]
        producer.flush(PATIENCE)
        for future in sent:
            future.get(0)
        producer.close()


def read(brokers, targets):
    missing = {topic: int(count) for topic, count in targets}
    consumer = KafkaConsumer(bootstrap_servers=brokers, auto_offset_reset="earliest")
    partitions = [
        TopicPartition(topic, partition)
        for topic in missing
        for partition in consumer.partitions_for_topic(topic)
    ]
    consumer.assign(partitions)
    deadline = time.monotonic() + PATIENCE
    while any(count > 0 for count in missing.values()):
        if time.monotonic() > deadline:
            sys.exit(f"not read: {missing}")
        for records in consumer.poll(1000).values():
            for record in records:
                missing[record.topic] -= 1
                print(json.dumps(as_line(record)))
    consumer.close()


def as_line(record):
    return {
        "topic": record.topic,
        "partition": record.partition,
        "timestamp": record.timestamp,
        "key": to_text(record.key),
        "value": to_text(record.value),
        "headers": [{"key": key, "value": to_text(value)} for key, value in record.headers],
    }


def main(verb, brokers, *targets):
    logging.basicConfig(level=logging.ERROR)
    {"write": write, "read": read}[verb](brokers.split(","), [t.split("=") for t in targets])


if __name__ == "__main__":
    main(*sys.argv[1:])
