"""Logs in with aiokafka; see ../logins.py."""

import asyncio
import os
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from logins import BROKERS, PROTOCOL, USER, context, run  # noqa: E402


async def moved(topic, mechanism, password):
    settings = {"bootstrap_servers": BROKERS, "security_protocol": PROTOCOL, "ssl_context": context()}
    if mechanism:
        settings |= {"sasl_mechanism": mechanism, "sasl_plain_username": USER, "sasl_plain_password": password}
    async with AIOKafkaProducer(**settings) as producer:
        await producer.send_and_wait(topic, (mechanism or "none").encode())
    consumer = AIOKafkaConsumer(**settings, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    value = (await consumer.getone()).value.decode()
    await consumer.stop()
    return value


run(lambda *way: asyncio.run(moved(*way)))
