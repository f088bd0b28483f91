package legacy

import (
	"strings"
)

// producerCall is a call of kafka-console-producer.
type producerCall struct {
	topic, separator string
	keyed            bool
	rest             []string
}

// consoleProducer maps kafka-console-producer.
func consoleProducer(c *call) ([]string, *Refusal) {
	k := producerCall{separator: "\t"}
	for _, f := range c.flags {
		if refused := k.read(c, f); refused != nil {
			return nil, refused
		}
	}
	if k.topic == "" {
		return c.needs("--topic", "kafkactl produce --help shows examples")
	}
	k.rest = append(k.rest, c.where...)
	if k.keyed {
		k.rest = append(k.rest, "--key-separator", strings.ReplaceAll(k.separator, `\`, `\\`)) // Apache's tool has no escapes
	}
	return append([]string{"produce", k.topic}, k.rest...), nil
}

// read takes one flag. What only tunes batches and buffers is left out.
func (k *producerCall) read(c *call, f oldFlag) *Refusal {
	switch f.name {
	case "--topic":
		k.topic = f.value
	case "--property", "--reader-property":
		return k.readProperty(c, f.value)
	case "--producer-property", "--command-property":
		return k.readSetting(c, f.value)
	case "--compression-codec":
		codec := f.value
		if codec == "" {
			codec = "gzip" // as Kafka has it
		}
		k.rest = append(k.rest, "--compression", codec)
	case "--request-required-acks":
		k.rest = append(k.rest, "--acks", acksOf(f.value))
	case "--line-reader", "--reader":
		if !strings.HasSuffix(f.value, "LineMessageReader") {
			return &Refusal{c.name + " " + f.name + " " + f.value + ": kafkactl runs no Java classes", "kafkactl produce TOPIC takes lines, --input json objects, --input raw the whole input"}
		}
	case "--timeout":
		if strings.Trim(f.value, "0123456789") != "" { // ours, as 10s; that of the old one was a delay of batches
			k.rest = append(k.rest, f.words...)
		}
	case "--sync", "--batch-size", "--max-block-ms", "--max-memory-bytes", "--max-partition-memory-bytes", "--message-send-max-retries",
		"--metadata-expiry-ms", "--request-timeout-ms", "--retry-backoff-ms", "--send-buffer-size", "--socket-buffer-size":
	default:
		k.rest = append(k.rest, f.words...)
	}
	return nil
}

func (k *producerCall) readProperty(c *call, property string) *Refusal {
	name, value, _ := strings.Cut(property, "=")
	switch {
	case name == "parse.key":
		k.keyed = value == "true"
	case name == "key.separator":
		k.separator = value
	case name == "parse.headers" && value == "true":
		return &Refusal{c.name + " --property parse.headers: kafkactl reads no headers from lines", "kafkactl produce TOPIC --input json takes headers, -H NAME=VALUE gives all records the same"}
	case name == "null.marker":
		return &Refusal{c.name + " --property null.marker: kafkactl has no such marker", "--null with --key-separator makes a tombstone of each empty value"}
	}
	return nil
}

func (k *producerCall) readSetting(c *call, setting string) *Refusal {
	name, value, _ := strings.Cut(setting, "=")
	switch {
	case name == "acks":
		k.rest = append(k.rest, "--acks", acksOf(value))
	case name == "compression.type":
		k.rest = append(k.rest, "--compression", value)
	case isSecurity(name):
		return c.securityRefusal(name)
	}
	return nil
}

// acksOf is a value of acks in ours.
func acksOf(old string) string { return strings.Replace(old, "-1", "all", 1) }
