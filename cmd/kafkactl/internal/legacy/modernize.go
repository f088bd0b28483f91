package legacy

import (
	"slices"
	"strings"
)

// Refusal is an old command line that has no new one: a sentence, and what to do instead.
type Refusal struct{ Text, Advice string }

// Error returns the sentence.
func (r *Refusal) Error() string { return r.Text }

// Hint returns what to do instead.
func (r *Refusal) Hint() string { return r.Advice }

// Modernize maps the spellings of Apache's tools and of kubectl to ours; hint is the line that
// teaches the new spelling. Any other command line is returned as it is, with an empty hint. refused
// is not nil where the old tool can do something that this program cannot, or was asked for nothing.
//
// A tool may be called with or without its path, kafka- and .sh, by its class, and inside a container
// as with docker exec. The addresses of the brokers are left out then: they are those that the
// container sees.
//
//	topics --list --bootstrap-server X   →  list --bootstrap-server X
//	topics --describe --topic T          →  describe T
//	topics --describe --unavailable-partitions  →  describe --offline
//	docker exec kafka kafka-topics --bootstrap-server localhost:9092 --list  →  list
//	kafka-configs --alter --entity-type topics --entity-name T --add-config K=V  →  alter T --config K=V
//	kafka-get-offsets --topic T          →  describe T
//	kafka-console-consumer --topic T     →  consume T --offset end -f -o value
//	kafka-console-producer --topic T     →  produce T
//	kafka-consumer-groups --list         →  list groups
//	kafka-consumer-groups --describe …   →  describe group G
//	kafka-acls --list --principal User:a →  list acls --principal User:a
//	get cg                               →  list groups
//	get topics                           →  list topics
//	get topic T                          →  describe T
//	--version                            →  version
func Modernize(args []string) (modern []string, hint string, refused *Refusal) {
	if len(args) == 0 {
		return args, "", nil
	}
	var old *call
	switch {
	case args[0] == "--version":
		modern = append([]string{"version"}, args[1:]...)
	case args[0] == "get" && len(args) > 1 && (args[1] == "topics" || args[1] == "topic"):
		modern = modernGet(args[1:])
	case args[0] == "get" || args[0] == "describe":
		modern = kubectlGroups(args)
	default:
		if old = callOf(args); old != nil {
			modern, refused = old.modern()
		}
	}
	switch {
	case refused != nil:
		return args, "", refused
	case modern == nil:
		return args, "", nil
	}
	return modern, old.leftOut() + "note: this is now spelled: " + spelled(modern), nil
}

// spelled returns a command line of ours, as one would type it.
func spelled(modern []string) string {
	words := []string{"kafkactl"}
	for _, word := range modern {
		words = append(words, quoted(word))
	}
	return strings.Join(words, " ")
}

// quoted returns a word as a shell needs it.
func quoted(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-"
	switch {
	case word != "" && strings.Trim(word, plain) == "":
		return word
	case strings.ContainsAny(word, "\t\n"):
		return "$'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\t", `\t`, "\n", `\n`).Replace(word) + "'"
	default:
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
}

// modernGet maps kubectl's get: of one by its name, or of all.
func modernGet(old []string) []string {
	if len(old) > 1 && !strings.HasPrefix(old[1], "-") {
		return slices.Concat([]string{"describe"}, topicNamed(old[1]), old[2:])
	}
	return append([]string{"list", "topics"}, old[1:]...)
}

// namesOutput reports whether args hold an -o, which then wins over ours.
func namesOutput(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool {
		return strings.HasPrefix(arg, "-o") || arg == "--output" || strings.HasPrefix(arg, "--output=")
	})
}

// topicNamed is a topic as an argument of describe and delete, which take these names for
// the kind of thing that follows.
func topicNamed(name string) []string {
	if slices.Contains([]string{"topic", "group", "broker", "cluster"}, name) {
		return []string{"topic", name}
	}
	return []string{name}
}
