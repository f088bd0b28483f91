package acl

import (
	"regexp"
	"strings"
)

// AddCommand begins a command line of Apache's tool that adds bindings. Where the brokers are is left to who runs it.
const AddCommand = tool + "--add"

const tool = "kafka-acls --bootstrap-server … "

// Command is the command line that adds the binding.
func (b Binding) Command() string { return AddCommand + b.flags() }

// RemoveCommand is the command line that removes the binding, and no other.
func (b Binding) RemoveCommand() string { return tool + "--remove" + b.flags() }

func (b Binding) flags() string {
	who, from := " --allow-principal ", " --allow-host "
	if b.Permission == Deny {
		who, from = " --deny-principal ", " --deny-host "
	}
	line := who + shellWord(b.Principal) + " --operation " + b.Operation.ToolWord() + " " + b.Flags()
	if b.Host != Any {
		line += from + shellWord(b.Host)
	}
	return line
}

// Flags are those of kafka-acls that name the resource: "--topic order. --resource-pattern-type prefixed".
func (r Resource) Flags() string {
	var flags string
	switch r.Type {
	case Cluster:
		return "--cluster"
	case User:
		flags = "--user-principal " + shellWord(r.Name)
	default:
		flags = "--" + FlagWord(r.Type) + " " + shellWord(r.Name)
	}
	if r.Pattern == Prefixed {
		flags += " --resource-pattern-type prefixed"
	}
	return flags
}

// ToolWord is an operation as kafka-acls has it: "DescribeConfigs".
func (o Operation) ToolWord() string {
	var word strings.Builder
	for part := range strings.SplitSeq(string(o), "_") {
		if part != "" {
			word.WriteString(part[:1] + strings.ToLower(part[1:]))
		}
	}
	return word.String()
}

// shellWord returns a text as one word for a shell, quoted where that needs it: groups may be called anything.
func shellWord(text string) string {
	if regexp.MustCompile(`^[a-zA-Z0-9._:/@-]+$`).MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
