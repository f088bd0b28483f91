import os
import signal
import time

import pytest
from kafka import KafkaConsumer, KafkaProducer

BROKERS = os.environ["BOOTSTRAP_SERVERS"].split(",")


def say(line):
    with open(os.environ["LOG"], "a") as log:
        log.write(line + "\n")


def heard(number, _frame):
    say("signal")
    if os.environ["THEN"] != "deaf":
        raise KeyboardInterrupt


@pytest.fixture
def consumer():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, heard)
    consumer = KafkaConsumer("orders", bootstrap_servers=BROKERS, group_id="service", auto_offset_reset="earliest")
    yield consumer
    consumer.close()
    say("left")


def test_service(consumer):
    producer = KafkaProducer(bootstrap_servers=BROKERS)
    producer.send("orders", b"one")
    producer.close()
    assert next(consumer).value == b"one"
    say("ready")
    while os.environ["THEN"] in ("hang", "deaf"):
        time.sleep(0.1)
    assert os.environ["THEN"] != "fail"
