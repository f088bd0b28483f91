package legacy

import (
	"path"
	"slices"
	"strings"
)

// call is a command line of one of Apache's tools.
type call struct {
	tool   string   // "topics", without kafka- and .sh
	name   string   // as messages call it: "kafka-topics"
	args   []string // behind the tool
	inside bool     // it was to run inside a container

	flags  []oldFlag // of args, without those that all tools have
	where  []string  // --bootstrap-server with its value, where it is to stay, and the file of client properties
	absent string    // an address that was left out
}

// callOf returns the call of one of Apache's tools that args are, nil for anything else.
func callOf(args []string) *call {
	words, inside := insideContainer(args)
	c := calledTool(words)
	if c != nil {
		c.inside = inside
	}
	return c
}

// calledTool returns the call that begins with the first of words, nil where that is no tool. Names
// without kafka- are taken with flags alone: they might become commands of ours.
func calledTool(words []string) *call {
	if len(words) == 0 {
		return nil
	}
	words = withoutRunClass(words)
	base := strings.TrimSuffix(strings.TrimSuffix(path.Base(words[0]), ".sh"), ".bat")
	tool, prefixed := strings.CutPrefix(base, "kafka-")
	_, mapped := tools()[tool]
	_, known := withoutCounterpart()[tool]
	switch {
	case base == "cub" && len(words) > 1, base == "zookeeper-shell":
		return &call{tool: base, name: base, args: words[1:]}
	case prefixed && (mapped || known):
	case mapped && len(words) > 1 && strings.HasPrefix(words[1], "--"):
	default:
		return nil
	}
	return &call{tool: tool, name: "kafka-" + tool, args: words[1:]}
}

// tools maps the names of tools to what makes a command line of ours of a call of them.
func tools() map[string]func(*call) ([]string, *Refusal) {
	return map[string]func(*call) ([]string, *Refusal){
		"topics":              modernTopics,
		"configs":             modernConfigs,
		"get-offsets":         modernOffsets,
		"console-consumer":    consoleConsumer,
		"console-producer":    consoleProducer,
		"consumer-groups":     consumerGroups,
		"groups":              modernGroups,
		"broker-api-versions": probe,
		"cluster":             modernCluster,
		"metadata-quorum":     modernQuorum,
		"acls":                modernACLs,
	}
}

// modern returns the command line of ours for c.
func (c *call) modern() ([]string, *Refusal) {
	if c.tool == "cub" {
		return modernCub(c)
	}
	if slices.Contains(c.args, "--help") {
		return []string{"--help"}, nil
	}
	if slices.Contains(c.args, "--version") {
		return []string{"version"}, nil
	}
	if sentence, known := withoutCounterpart()[c.tool]; known {
		return nil, &Refusal{c.name + ": " + sentence.Text, sentence.Advice}
	}
	if refused := c.readCommon(); refused != nil {
		return nil, refused
	}
	return tools()[c.tool](c)
}

// leftOut returns the note about an address that the new command line lacks, "" without one.
func (c *call) leftOut() string {
	if c == nil || c.absent == "" {
		return ""
	}
	return "note: " + c.absent + " is an address inside the container and was left out: -b or KAFKACTL_BROKERS says where the brokers are from here\n"
}

// readCommon takes from args what all tools have: where the cluster is. The rest goes to flags.
func (c *call) readCommon() *Refusal {
	zooKeeper, config := "", []string(nil)
	for _, f := range oldFlags(c.args, bareFlags()...) {
		switch f.name {
		case "--bootstrap-server", "--broker-list", "--bootstrap-controller":
			c.where, c.absent = f.words, ""
			if c.inside {
				c.where, c.absent = nil, f.value
			}
		case "--zookeeper":
			zooKeeper = f.value
		case "--command-config", "--consumer.config", "--producer.config":
			config = []string{"--command-config", f.value}
		case "--force", "--disable-rack-aware", "--new-consumer":
		default:
			c.flags = append(c.flags, f)
		}
	}
	if zooKeeper != "" && c.where == nil && c.absent == "" {
		return c.zooKeeperRefusal()
	}
	c.where = slices.Concat(c.where, config)
	return nil
}

// zooKeeperRefusal says what to write in place of --zookeeper.
func (c *call) zooKeeperRefusal() *Refusal {
	advice := "give the brokers in its place: -b localhost:29092, or KAFKACTL_BROKERS"
	if modern, refused := tools()[c.tool](c); refused == nil {
		advice = "give the brokers in its place: " + spelled(modern) + " -b localhost:29092"
	}
	return &Refusal{c.name + " --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper", advice}
}

// needs refuses a call that lacks something.
func (c *call) needs(what, advice string) ([]string, *Refusal) {
	return nil, &Refusal{c.name + " needs " + what, advice}
}

// cannot refuses a call that asks for more than there is.
func (c *call) cannot(text, advice string) ([]string, *Refusal) {
	return nil, &Refusal{c.name + " " + text, advice}
}

// oldFlag is a flag of an old command line.
type oldFlag struct {
	name, value string
	words       []string // as it stood there
}

// oldFlags reads --name value and --name=value. Flags in bare have no value, and no value begins
// with two dashes.
func oldFlags(args []string, bare ...string) []oldFlag {
	var flags []oldFlag
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		words := args[i : i+1]
		if !joined && !slices.Contains(bare, name) && i+1 < len(args) && !strings.HasPrefix(args[i+1], "--") {
			words = args[i : i+2]
			i++
			value = args[i]
		}
		flags = append(flags, oldFlag{name, value, words})
	}
	return flags
}

// bareFlags lists the flags of all tools that have no value, ours among them that may stand beside.
func bareFlags() []string {
	return []string{
		"--list", "--describe", "--create", "--alter", "--delete", "--reset-offsets", "--delete-offsets", "--execute", "--dry-run", "--export",
		"--all", "--all-groups", "--all-topics", "--members", "--offsets", "--verbose", "--to-earliest", "--to-latest", "--to-current",
		"--if-exists", "--if-not-exists", "--exclude-internal", "--exclude-internal-topics", "--force", "--disable-rack-aware",
		"--under-replicated-partitions", "--under-min-isr-partitions", "--at-min-isr-partitions", "--unavailable-partitions", "--topics-with-overrides",
		"--entity-default", "--broker-defaults", "--user-defaults", "--client-defaults",
		"--from-beginning", "--skip-message-on-error", "--enable-systest-events", "--new-consumer", "--sync", "--yes", "-y",
	}
}
