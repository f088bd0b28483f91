"""Logs in with confluent-kafka; see ../logins.py."""

import os
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from logins import BROKERS, CA, CERTIFICATE, KEY, PROTOCOL, USER, run  # noqa: E402


class Refused(Exception):
    """An error of a login, by librdkafka's name."""

    def __init__(self, name):
        self.name = name


def move(topic, mechanism, password):
    refused = []

    def note(error):
        if error.code() == KafkaError._AUTHENTICATION:
            refused.append(error.name())

    settings = {"bootstrap.servers": BROKERS, "security.protocol": PROTOCOL, "ssl.ca.location": CA, "error_cb": note, "log_level": 0}
    if mechanism:
        settings |= {"sasl.mechanisms": mechanism, "sasl.username": USER, "sasl.password": password}
    if CERTIFICATE:
        settings |= {"ssl.certificate.location": CERTIFICATE, "ssl.key.location": KEY}
    producer = Producer(settings)
    producer.produce(topic, mechanism or "none")
    while producer.flush(0.1):
        if refused:
            producer.purge()
            raise Refused(refused[0])
    consumer = Consumer(settings | {"group.id": "login", "enable.auto.commit": False})
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    message = consumer.poll(30)
    consumer.close()
    if message is None or message.error():
        raise KafkaException(message and message.error())
    return message.value().decode()


run(move)
