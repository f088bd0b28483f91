package legacy

import (
	"slices"
	"strings"
)

// consumerCall is a call of kafka-console-consumer.
type consumerCall struct {
	topics             []string
	start              []string // where to begin, as ours says it; nil is what the group committed, or now
	group              string
	timeout, most      string // of --timeout-ms and --max-messages
	showsKey, hidesAll bool   // print.key=true; print.value=false
	showsMore          bool   // print.timestamp=true and the like
	rest               []string
}

// consoleConsumer maps kafka-console-consumer, which prints values for ever, by default from now on.
func consoleConsumer(c *call) ([]string, *Refusal) {
	var k consumerCall
	for _, f := range c.flags {
		if refused := k.read(c, f); refused != nil {
			return nil, refused
		}
	}
	if len(k.topics) == 0 {
		return c.needs("--topic", "kafkactl consume --help shows examples")
	}
	if k.start == nil && k.group == "" {
		k.start = []string{"--offset", "end"}
	}
	k.rest = append(k.rest, c.where...)
	if !namesOutput(k.rest) {
		k.rest = append(k.rest, "-o", k.view())
	}
	ending, refused := k.ending(c)
	if refused != nil {
		return nil, refused
	}
	return slices.Concat([]string{"consume"}, k.topics, k.start, ending, k.rest), nil
}

// read takes one flag.
func (k *consumerCall) read(c *call, f oldFlag) *Refusal {
	switch f.name {
	case "--topic":
		k.topics = []string{f.value}
	case "--include", "--whitelist":
		names, ok := topicPatterns(f.value)
		if !ok || strings.Contains(f.value, "*") {
			return &Refusal{c.name + " " + f.name + " " + f.value + ": kafkactl takes no regular expressions", "name the topics: kafkactl consume TOPIC TOPIC"}
		}
		k.topics = names
	case "--from-beginning":
		k.start = []string{"--from-beginning"}
	case "--offset":
		k.start = []string{"--offset", consoleOffset(f.value)}
	case "--partition":
		k.rest = append(k.rest, "-p", f.value)
	case "--max-messages":
		if f.value != "-1" { // which is no limit
			k.most = f.value
		}
	case "--timeout-ms":
		k.timeout = f.value
	case "--group":
		k.group = f.value
	case "--isolation-level":
		k.rest = append(k.rest, "--isolation", f.value)
	case "--property", "--formatter-property":
		return k.readProperty(c, f.value)
	case "--consumer-property", "--command-property":
		return k.readSetting(c, f.value)
	case "--formatter", "--key-deserializer", "--value-deserializer":
		return k.checkFormat(c, f.name, f.value)
	case "--skip-message-on-error", "--enable-systest-events", "--key-formatter":
	default:
		k.rest = append(k.rest, f.words...)
	}
	return nil
}

// readProperty takes a property of the formatter. Those that only say how the parts of a record are
// kept apart have no counterpart that would matter.
func (k *consumerCall) readProperty(c *call, property string) *Refusal {
	name, value, _ := strings.Cut(property, "=")
	switch {
	case name == "print.key":
		k.showsKey = value == "true"
	case name == "print.value":
		k.hidesAll = value == "false"
	case strings.HasPrefix(name, "print."):
		k.showsMore = k.showsMore || value == "true"
	case strings.HasSuffix(name, "deserializer"):
		return k.checkFormat(c, "--property "+name, value)
	case strings.HasPrefix(name, "schema.registry"):
		return &Refusal{c.name + " --property " + name + ": kafkactl asks no schema registry", "kafkactl consume TOPIC -o json shows bytes that are no text as base64"}
	}
	return nil
}

// readSetting takes a setting of the client. What only tunes it is left out.
func (k *consumerCall) readSetting(c *call, setting string) *Refusal {
	name, value, _ := strings.Cut(setting, "=")
	switch {
	case name == "group.id":
		k.group = value
	case name == "isolation.level":
		k.rest = append(k.rest, "--isolation", value)
	case name == "auto.offset.reset" && value == "earliest" && k.start == nil:
		k.start = []string{"--from-beginning"}
	case isSecurity(name):
		return c.securityRefusal(name)
	}
	return nil
}

// checkFormat refuses a class that makes something else of a record than its text.
func (k *consumerCall) checkFormat(c *call, flag, class string) *Refusal {
	switch class[strings.LastIndex(class, ".")+1:] {
	case "DefaultMessageFormatter", "LoggingMessageFormatter", "StringDeserializer", "ByteArrayDeserializer", "BytesDeserializer":
		return nil
	}
	if strings.Contains(class, "OffsetsMessageFormatter") || strings.Contains(class, "GroupMetadata") {
		return &Refusal{c.name + " " + flag + ": kafkactl does not read the records of __consumer_offsets", "kafkactl describe group GROUP shows members and offsets, kafkactl lag all groups"}
	}
	return &Refusal{
		c.name + " " + flag + " " + class + ": kafkactl runs no Java classes, and shows keys and values as text or base64",
		"kafkactl consume TOPIC -o json shows both; --jq makes something else of them",
	}
}

// view returns the format that shows what the properties ask for.
func (k *consumerCall) view() string {
	switch {
	case k.showsKey && k.hidesAll && !k.showsMore:
		return "key"
	case k.showsKey || k.showsMore:
		return "wide"
	default:
		return "value"
	}
}

// ending returns when to end: never, or with --timeout-ms, which was the way to make it end, when
// all that is there is read. From now on there is nothing yet: then it is waited for.
func (k *consumerCall) ending(c *call) ([]string, *Refusal) {
	var group []string
	if k.group != "" {
		group = []string{"--group", k.group}
		if !slices.Contains(k.start, "--offset") {
			k.start = nil // the group decides, and begins at the beginning where it has committed nothing
		}
	}
	count := []string{}
	if k.most != "" {
		count = []string{"-n", k.most}
	}
	isNow := slices.Equal(k.start, []string{"--offset", "end"})
	switch {
	case k.timeout == "":
		return slices.Concat([]string{"-f"}, count, group), nil
	case isNow && k.most != "":
		return slices.Concat([]string{"--expect", k.most, "--timeout", k.timeout + "ms"}, group), nil
	case isNow:
		return c.cannot("--timeout-ms: kafkactl waits for a number of new records, or for ever", "kafkactl consume TOPIC --offset end --expect N --timeout "+k.timeout+"ms, or -f")
	default:
		return slices.Concat(count, group), nil
	}
}

// consoleOffset is a value of kafka-console-consumer's --offset in ours.
func consoleOffset(old string) string {
	switch old {
	case "earliest":
		return "start"
	case "latest":
		return "end"
	default:
		return old
	}
}

// isSecurity reports whether a setting of a client is about TLS or SASL.
func isSecurity(name string) bool {
	return strings.HasPrefix(name, "security.") || strings.HasPrefix(name, "sasl.") || strings.HasPrefix(name, "ssl.")
}

func (c *call) securityRefusal(name string) *Refusal {
	return &Refusal{c.name + ": " + name + ": kafkactl takes these settings from a file", "write them to client.properties: --config client.properties; kafkactl help security has flags for some"}
}
