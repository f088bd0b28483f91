"""Logs in with librdkafka, as kcat does, writes a record, reads it: librdkafka.py BROKERS CA USER PASSWORDFILE TOPIC GROUP"""

import sys
import time

from confluent_kafka import Consumer, Producer

brokers, ca, user, password_file, topic, group = sys.argv[1:]
with open(password_file) as file:
    password = file.read().rstrip("\n")
login = {
    "bootstrap.servers": brokers,
    "security.protocol": "SASL_SSL",
    "ssl.ca.location": ca,
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": user,
    "sasl.password": password,
}

answers = []
producer = Producer(login)
producer.produce(topic, group, on_delivery=lambda error, _: answers.append(error))
producer.flush(60)
if answers != [None]:
    sys.exit(f"not written: {answers}")

consumer = Consumer({**login, "group.id": group, "auto.offset.reset": "earliest"})
consumer.subscribe([topic])
deadline = time.monotonic() + 60
read = False
while not read:
    if time.monotonic() > deadline:
        sys.exit("not read")
    message = consumer.poll(1)
    read = message is not None and not message.error() and message.value().decode() == group
consumer.close()
