"""Logs in with kafka-python; see ../logins.py."""

import os
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from logins import BROKERS, CA, CERTIFICATE, KEY, PROTOCOL, USER, run  # noqa: E402


def move(topic, mechanism, password):
    # A refused login is a bootstrap that does not end in time: by default after 30 s.
    settings = {"bootstrap_servers": BROKERS, "bootstrap_timeout_ms": 5000, "security_protocol": PROTOCOL, "ssl_cafile": CA, "ssl_certfile": CERTIFICATE, "ssl_keyfile": KEY}
    if mechanism:
        settings |= {"sasl_mechanism": mechanism, "sasl_plain_username": USER, "sasl_plain_password": password}
    producer = KafkaProducer(**settings)
    producer.send(topic, (mechanism or "none").encode()).get(30)
    producer.close()
    consumer = KafkaConsumer(**settings, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(topic, 0)])
    value = next(consumer).value.decode()
    consumer.close()
    return value


run(move)
