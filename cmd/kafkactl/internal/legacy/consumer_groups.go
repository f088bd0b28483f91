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

// consumerGroups maps the flags of kafka-consumer-groups; nil when none of them is a
// verb that there is.
func consumerGroups(old []string) []string {
	var groups, what, rest []string
	verb, all := "", false
	old = slices.DeleteFunc(slices.Clone(old), func(arg string) bool { return arg == "--state" }) // what it shows is in every description
	for _, f := range oldFlags(old, "--list", "--describe", "--reset-offsets", "--delete", "--all-groups", "--all-topics", "--execute",
		"--dry-run", "--to-earliest", "--to-latest", "--members", "--offsets", "--verbose") {
		switch f.name {
		case "--list", "--describe", "--reset-offsets", "--delete":
			verb = strings.TrimPrefix(f.name, "--")
		case "--group":
			groups = append(groups, f.value)
		case "--all-groups":
			all = true
		case "--timeout":
			rest = append(rest, "--timeout", f.value+"ms")
		case "--dry-run", "--members", "--offsets", "--verbose":
		case "--bootstrap-server":
			rest = append(rest, f.name, f.value)
		default:
			what = append(what, modernReset(f)...)
		}
	}
	switch {
	case verb == "list":
		return slices.Concat([]string{"list", "groups"}, what, rest)
	case verb == "describe" && len(groups) == 1:
		return slices.Concat([]string{"describe", "group"}, groups, what, rest)
	case verb == "describe" && (all || len(groups) > 1):
		return slices.Concat([]string{"lag"}, groups, what, rest)
	case verb == "reset-offsets" && len(groups) == 1:
		return slices.Concat([]string{"reset-offsets"}, groups, what, rest)
	case verb == "delete" && len(groups) > 0:
		return slices.Concat([]string{"delete", "group"}, groups, what, rest)
	default:
		return nil
	}
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
	case "--execute", "--all-topics":
		return []string{f.name}
	default:
		return []string{f.name, f.value}
	}
}
