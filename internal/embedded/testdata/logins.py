"""Logs in to a secured Kafka with what `kafkactl dev` puts into the environment; see README.md."""

import os
import ssl
import sys
import threading

BROKERS = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
PROTOCOL = os.environ["KAFKA_SECURITY_PROTOCOL"]
USER = os.environ.get("KAFKA_SASL_USERNAME")
PASSWORD = os.environ.get("KAFKA_SASL_PASSWORD")
CA = os.environ["KAFKA_SSL_CA_LOCATION"]
CERTIFICATE = os.environ.get("KAFKA_SSL_CERTIFICATE_LOCATION")
KEY = os.environ.get("KAFKA_SSL_KEY_LOCATION")


def context():
    """Returns TLS settings in the form of Python's own library."""
    made = ssl.create_default_context(cafile=CA)
    if CERTIFICATE:
        made.load_cert_chain(CERTIFICATE, KEY)
    return made


def run(move):
    """Calls move with a topic, a mechanism and a password, for each right way to log in and for wrong
    passwords; move sends a record with the mechanism as its value, and returns what it reads. Without SASL
    there is no mechanism. Prints what came of it, or the name of the error."""
    seen = {}

    def attempt(what, mechanism, password):
        topic = f"{sys.argv[1]}.{mechanism or 'none'}"
        try:
            seen[what] = move(topic, mechanism, password)
        except Exception as error:
            seen[what] = getattr(error, "name", None) or type(error).__name__

    ways = [("certificate", None, None)]
    if PROTOCOL.startswith("SASL"):
        ways = [(m, m, PASSWORD) for m in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")]
        ways += [("wrong " + m, m, "wrong") for m in ("PLAIN", "SCRAM-SHA-512")]
    threads = [threading.Thread(target=attempt, args=way, daemon=True) for way in ways]
    for thread in threads:
        thread.start()
    for thread, way in zip(threads, ways):
        thread.join(60)
        print(f"{way[0]}: {seen.get(way[0], 'not over in 60 s')}")
    sys.stdout.flush()
    os._exit(0)
