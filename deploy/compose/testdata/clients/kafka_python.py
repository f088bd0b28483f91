"""Logs in with kafka-python, writes a record, reads it: kafka_python.py BROKERS CA USER PASSWORDFILE TOPIC GROUP"""

import sys
import time

from kafka import KafkaConsumer, KafkaProducer

brokers, ca, user, password_file, topic, group = sys.argv[1:]
with open(password_file) as file:
    password = file.read().rstrip("\n")
login = {
    "bootstrap_servers": brokers.split(","),
    "security_protocol": "SASL_SSL",
    "ssl_cafile": ca,
    "sasl_mechanism": "SCRAM-SHA-512",
    "sasl_plain_username": user,
    "sasl_plain_password": password,
}

producer = KafkaProducer(**login)
producer.send(topic, value=group.encode()).get(60)
producer.close()

consumer = KafkaConsumer(topic, group_id=group, auto_offset_reset="earliest", **login)
deadline = time.monotonic() + 60
values = []
while group.encode() not in values:
    if time.monotonic() > deadline:
        sys.exit("not read")
    values += [record.value for records in consumer.poll(1000).values() for record in records]
consumer.close()
