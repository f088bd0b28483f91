package legacy

import (
	"slices"
	"strings"
)

// oldFlag is a flag of a command line in the spelling of Apache's tools.
type oldFlag struct{ name, value string }

// oldFlags reads --name value and --name=value. Flags in bare have no value.
func oldFlags(args []string, bare ...string) []oldFlag {
	var flags []oldFlag
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if !joined && !slices.Contains(bare, name) && i+1 < len(args) {
			i++
			value = args[i]
		}
		flags = append(flags, oldFlag{name, value})
	}
	return flags
}

// consoleConsumer maps kafka-console-consumer, which prints values for ever, by default from now
// on. It returns nil without a topic.
func consoleConsumer(old []string) []string {
	topic, view, start := "", "value", []string{"--offset", "end"}
	rest, endless := []string{}, true
	for _, f := range oldFlags(old, "--from-beginning", "--skip-message-on-error", "--enable-systest-events") {
		switch f.name {
		case "--topic":
			topic = f.value
		case "--from-beginning":
			start = []string{"--from-beginning"}
		case "--offset":
			start = []string{"--offset", consoleOffset(f.value)}
		case "--partition":
			rest = append(rest, "-p", f.value)
		case "--max-messages":
			if f.value != "-1" { // all, as without it
				rest = append(rest, "-n", f.value)
			}
		case "--group":
			start, rest = nil, append(rest, "--group", f.value)
		case "--isolation-level":
			rest = append(rest, "--isolation", f.value)
		case "--timeout-ms":
			endless = false // it was the way to make it end
		case "--property", "--formatter-property":
			if strings.HasPrefix(f.value, "print.") && strings.HasSuffix(f.value, "=true") {
				view = "wide"
			}
		case "--skip-message-on-error", "--enable-systest-events":
		default:
			rest = append(rest, f.name, f.value)
		}
	}
	if topic == "" {
		return nil
	}
	if endless {
		start = append(start, "-f")
	}
	if !namesOutput(rest) {
		rest = append(rest, "-o", view)
	}
	return slices.Concat([]string{"consume", topic}, start, rest)
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

// consoleProducer maps kafka-console-producer. It returns nil without a topic.
func consoleProducer(old []string) []string {
	topic, separator, keyed := "", "\t", false
	rest := []string{}
	for _, f := range oldFlags(old, "--sync") {
		switch f.name {
		case "--topic":
			topic = f.value
		case "--property", "--reader-property":
			key, value, _ := strings.Cut(f.value, "=")
			switch key {
			case "parse.key":
				keyed = value == "true"
			case "key.separator":
				separator = value
			}
		case "--compression-codec":
			rest = append(rest, "--compression", f.value)
		case "--request-required-acks":
			rest = append(rest, "--acks", strings.Replace(f.value, "-1", "all", 1))
		case "--sync":
		default:
			rest = append(rest, f.name, f.value)
		}
	}
	if topic == "" {
		return nil
	}
	if keyed {
		rest = append(rest, "--key-separator", strings.ReplaceAll(separator, `\`, `\\`)) // Apache's tool has no escapes
	}
	return append([]string{"produce", topic}, rest...)
}
