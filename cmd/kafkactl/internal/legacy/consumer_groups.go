package legacy

import (
	"slices"
	"strings"
)

// kubectlGroups maps "get cg", "get groups", "get cg G" and "describe cg G". It returns nil for
// what is not about groups. "describe cg" is about the topic of that name: a kind needs a name
// after it.
func kubectlGroups(args []string) []string {
	if len(args) < 2 || !slices.Contains([]string{"cg", "group", "groups", "consumer-group", "consumer-groups", "consumergroups"}, args[1]) {
		return nil
	}
	named := len(args) > 2 && !strings.HasPrefix(args[2], "-")
	switch {
	case args[0] == "get" && !named:
		return append([]string{"list", "groups"}, args[2:]...)
	case args[0] == "get", args[0] == "describe" && args[1] != "group" && named:
		return append([]string{"describe", "group"}, args[2:]...)
	default:
		return nil
	}
}

// groupsCall is a call of kafka-consumer-groups.
type groupsCall struct {
	verb         string
	groups       []string
	all          bool
	filter       string // of --state or --type, when groups are listed
	reset        []string
	moves        bool // reset says where to
	scoped       bool // reset says of what
	timeout      []string
	cannot, help string // what of a reset there is not
}

// consumerGroups maps kafka-consumer-groups.
func consumerGroups(c *call) ([]string, *Refusal) {
	var k groupsCall
	for _, f := range c.flags {
		k.read(f)
	}
	tail := slices.Concat(k.timeout, c.where)
	switch {
	case k.verb == "":
		return c.needs("one of --list, --describe, --reset-offsets, --delete", "kafkactl --help lists the commands")
	case k.verb == "delete-offsets":
		return c.cannot("--delete-offsets: kafkactl forgets no single offsets", "kafkactl reset-offsets GROUP moves them, kafkactl delete group GROUP removes them all")
	case k.verb == "list" && k.filter != "":
		return c.cannot("--list "+k.filter+": kafkactl list groups shows the state of each, and of all", "kafkactl list groups -o json | jq '.groups[] | select(.state == \"Stable\")'")
	case k.verb == "list":
		return slices.Concat([]string{"list", "groups"}, k.reset, tail), nil
	case len(k.groups) == 0 && !k.all:
		return c.needs("--group or --all-groups", "kafkactl list groups shows the groups there are")
	case k.verb == "describe" && !k.all && len(k.groups) == 1:
		return slices.Concat([]string{"describe", "group"}, k.groups, k.reset, tail), nil
	case k.verb == "describe" && k.all:
		return slices.Concat([]string{"lag"}, k.reset, tail), nil
	case k.verb == "describe":
		return slices.Concat([]string{"lag"}, k.groups, k.reset, tail), nil
	case k.all:
		return c.cannot("--"+k.verb+" --all-groups: kafkactl takes groups by their names", "kafkactl list groups -o name shows them")
	case k.verb == "delete":
		return slices.Concat([]string{"delete", "group"}, k.groups, k.reset, tail), nil
	}
	return k.resetOffsets(c, tail)
}

// resetOffsets maps --reset-offsets.
func (k *groupsCall) resetOffsets(c *call, tail []string) ([]string, *Refusal) {
	switch {
	case k.cannot != "":
		return c.cannot(k.cannot, k.help)
	case len(k.groups) > 1:
		return c.cannot("--reset-offsets of several groups: kafkactl resets one at a time", "kafkactl reset-offsets GROUP, once for each")
	case !k.moves:
		return c.needs("to know where to: --to-earliest, --to-latest, --to-offset, --to-datetime, --by-duration or --shift-by", "kafkactl reset-offsets --help shows examples")
	case !k.scoped:
		return c.needs("--topic or --all-topics", "kafkactl reset-offsets --help shows examples")
	}
	return slices.Concat([]string{"reset-offsets"}, k.groups, k.reset, tail), nil
}

// read takes one flag.
func (k *groupsCall) read(f oldFlag) {
	switch f.name {
	case "--list", "--describe", "--reset-offsets", "--delete", "--delete-offsets":
		k.verb = strings.TrimPrefix(f.name, "--")
	case "--group":
		k.groups = append(k.groups, f.value)
	case "--all-groups":
		k.all = true
	case "--timeout":
		k.timeout = []string{"--timeout", milliseconds(f.value)}
	case "--state", "--type": // of a group that is described both are shown
		if f.value != "" {
			k.filter = strings.Join(f.words, " ")
		}
	case "--dry-run", "--members", "--offsets", "--verbose":
	case "--to-current":
		k.cannot, k.help = "--to-current: it would leave the offsets where they are", "kafkactl describe group GROUP shows them"
	case "--from-file", "--export":
		k.cannot, k.help = f.name+": kafkactl resets from no file and to none", "kafkactl reset-offsets GROUP --topic TOPIC:0,2 --to-offset N; -o json prints the plan"
	default:
		k.moves = k.moves || strings.HasPrefix(f.name, "--to-") || f.name == "--by-duration" || f.name == "--shift-by"
		k.scoped = k.scoped || f.name == "--topic" || f.name == "--all-topics"
		k.reset = append(k.reset, modernReset(f)...)
	}
}

// milliseconds is a time of the old tools, in milliseconds, as ours takes it. One with a unit is ours.
func milliseconds(old string) string {
	if strings.Trim(old, "0123456789") == "" {
		return old + "ms"
	}
	return old
}

// modernReset is one flag of --reset-offsets in ours.
func modernReset(f oldFlag) []string {
	switch f.name {
	case "--to-earliest":
		return []string{"--to-beginning"}
	case "--to-latest":
		return []string{"--to-end"}
	case "--shift-by":
		return []string{"--shift", f.value}
	case "--to-datetime":
		if _, clock, ok := strings.Cut(f.value, "T"); ok && !strings.ContainsAny(clock, "Z+-") {
			f.value += "Z" // without a zone Apache's tool takes UTC, ours the local one
		}
		return []string{"--to-time", f.value}
	case "--by-duration": // ISO 8601: P7D, PT1H30M
		return []string{"--to-time", strings.ToLower(strings.NewReplacer("P", "", "T", "").Replace(f.value))}
	default:
		return f.words
	}
}
