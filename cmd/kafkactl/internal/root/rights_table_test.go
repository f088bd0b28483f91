package root

import (
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// The least rights of every command that connects. [TestRealRights] holds the table to a broker, and docs/guide/rights.md
// is written from it.

// rightsRow is a command, and the least rights with which it does all that it can.
type rightsRow struct {
	command  string // about the topic orders, which has one record, and the group billing, which is before it
	when     string // for the page
	absent   bool   // there is no such topic
	old      bool   // its record was written two days ago
	declared string // the shape of the topic in topics.yaml, "" for no file
	shows    string // what it prints with these rights, a regular expression
	exit     cli.ExitCode
	every    bool // the rights are those of all rows with this command together
	least    []right
}

// right is one binding of that user. It is on "topic", "group", "all groups", "cluster", "topics with the prefix", or the topic of
// that name.
type right struct {
	on        string
	operation kmsg.ACLOperation
	without   loss
	// weaker is what is lost with the right that this one implies in its place; zero: the command is refused for
	// want of this right, by its name.
	weaker loss
}

// loss is what a command ends with and prints where a right is missing.
type loss struct {
	code  cli.ExitCode
	shows string // a regular expression; what it finds is not there with the right
	lacks string // a regular expression; what it finds is there with the right
	page  string // the same in words
}

func (r right) binding(topic, group string) clitest.Binding {
	switch r.on {
	case "topic":
		return clitest.OnTopic(topic, r.operation)
	case "topics with the prefix":
		return clitest.Binding{Resource: kmsg.ACLResourceTypeTopic, Name: topic, Prefixed: true, Operation: r.operation}
	case "group":
		return clitest.OnGroup(group, r.operation)
	case "all groups":
		return clitest.OnGroup("*", r.operation)
	case "cluster":
		return clitest.OnCluster(r.operation)
	}
	return clitest.OnTopic(r.on, r.operation)
}

// operationName is how kafka-acls and the page write it: "DescribeConfigs".
func (r right) operationName() string {
	var name strings.Builder
	for word := range strings.SplitSeq(r.operation.String(), "_") {
		name.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return name.String()
}

// refusal begins a line that refuses. Another one may say that what a change does to records is not known.
const refusal = `^(kafkactl:|x|!|fail) .*not permitted: `

// denial is exit 6, with the resource in the message. Where the right implies Describe, that is what the message
// names first.
func denial(resource string) loss {
	return loss{code: cli.ExitRefused, shows: refusal + `\w+ on ` + resource + ` `, page: "exit 6"}
}

// partial is exit 0, with what shows says in place of the rest.
func partial(shows, page string) loss { return loss{shows: shows, page: page} }

// hidden is exit 0, where what lacks finds is missing, and shows finds what says that something may be.
func hidden(lacks, shows, page string) loss { return loss{lacks: lacks, shows: shows, page: page} }

// none is what is said of an empty list.
const none = `none that User:user-\d+ may see`

// rightsTable is in the order of the page; a row that begins with ## is a heading there.
func rightsTable() []rightsRow {
	rows := []rightsRow{{command: "## Readiness"}}
	rows = append(rows, readinessRights()...)
	rows = append(rows, rightsRow{command: "## The topics file, and single topics"})
	rows = append(rows, specRights()...)
	rows = append(rows, rightsRow{command: "## Records"})
	rows = append(rows, recordRights()...)
	rows = append(rows, rightsRow{command: "## Consumer groups"})
	rows = append(rows, groupRights()...)
	rows = append(rows, rightsRow{command: "## What is there"})
	rows = append(rows, viewRights()...)
	rows = append(rows, rightsRow{command: "## Access"})
	return append(rows, accessRights()...)
}

const (
	onOrders  = `topic "orders"`
	onBilling = `group "billing"`
)

// inSync is the declaration of the topic as it is.
const inSync = "{partitions: 1, replicationFactor: 1}"

func readinessRights() []rightsRow {
	return []rightsRow{
		{command: "wait", shows: "^ready ", least: nil},
		{command: "wait --for topic:orders", shows: "^ready ", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
		}},
		{command: "wait", when: "with a topics file", declared: inSync, shows: "^ready ", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
		}},
		{command: "health --probe", shows: "^ready: ", least: nil},
		{command: "health", when: "with a topics file", declared: inSync, shows: "^ready: ", least: []right{
			{
				on: "topic", operation: kmsg.ACLOperationWrite, without: denial(onOrders),
				weaker: partial("K8 .*a producer id needs Write on a topic", "K8 does not prove that producers work"),
			},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: partial("K5 .*not proven: DescribeQuorum needs Describe on the cluster", "K5 is not proven")},
			{on: "__consumer_offsets", operation: kmsg.ACLOperationDescribe, without: partial("K8 .*consumer groups not proven", "K8 does not prove that groups work")},
		}},
	}
}

func specRights() []rightsRow {
	return []rightsRow{
		{command: "plan", when: "nothing is missing", declared: inSync, shows: "1 topic in sync", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
		}},
		{command: "plan", when: "the topic is missing", absent: true, declared: inSync, shows: "1 to create", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationCreate, without: denial(onOrders)},
		}},
		{command: "apply", when: "nothing is missing", declared: inSync, shows: "1 topic in sync", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
		}},
		{command: "apply", when: "the topic is missing", absent: true, declared: inSync, shows: "1 created", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationCreate, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: afterwards()},
		}},
		{command: "apply", when: "the topic gets more partitions", declared: "{partitions: 2, replicationFactor: 1}", shows: "1 changed", least: []right{
			{on: "topic", operation: kmsg.ACLOperationAlter, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
		}},
		{
			command: "apply", when: "the topic gets other settings", declared: "{partitions: 1, replicationFactor: 1, config: {retention.ms: 1h}}",
			shows: "1 changed", least: []right{
				{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
				{on: "topic", operation: kmsg.ACLOperationAlterConfigs, without: denial(onOrders)},
			},
		},
		{command: "apply", when: "of any file, as kafka-init runs it", every: true, absent: true, declared: inSync, shows: "1 created", least: []right{
			{on: "topics with the prefix", operation: kmsg.ACLOperationCreate, without: denial(onOrders)},
			{on: "topics with the prefix", operation: kmsg.ACLOperationAlter, without: denial(onOrders)},
			{on: "topics with the prefix", operation: kmsg.ACLOperationAlterConfigs, without: afterwards()},
		}},
		{command: "create orders --partitions 1 --replication-factor 1", absent: true, shows: "1 created", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationCreate, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: afterwards()},
		}},
		{command: "alter orders --partitions 2", shows: "1 changed", least: []right{
			{on: "topic", operation: kmsg.ACLOperationAlter, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
		}},
		{command: "alter orders --config retention.ms=1h", shows: "1 changed", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationAlterConfigs, without: denial(onOrders)},
		}},
		{command: "apply --accept delete=1", when: "the file declares the topic absent", old: true, declared: "{state: absent}", shows: "1 deleted", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDelete, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationRead, without: unknownUse(), weaker: loss{code: cli.ExitFailed, shows: unknownUse().shows}},
			{on: "all groups", operation: kmsg.ACLOperationDescribe, without: unknownUse()},
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: unknownUse()},
		}},
		{command: "alter orders --cancel-move", when: "nothing is being moved", shows: "nothing is being moved", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: denial("cluster")},
		}},
		{command: "delete orders --yes", shows: "^- orders", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDelete, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: partial("its settings may not be read", "the topic's settings are not shown")},
		}},
	}
}

// afterwards is exit 6 of a topic that was made, and could not be verified.
func afterwards() loss {
	return loss{code: cli.ExitRefused, shows: `not permitted: DescribeConfigs on ` + onOrders, page: "exit 6, after the topic was made: it is not verified"}
}

// unknownUse is exit 1 of a topic that may be in use.
func unknownUse() loss {
	return loss{code: cli.ExitFailed, shows: `^! orders +blocked .* is not known`, page: "exit 1: what may not be seen counts as use"}
}

func recordRights() []rightsRow {
	return []rightsRow{
		{command: "consume orders", shows: "record-0", least: []right{
			{on: "topic", operation: kmsg.ACLOperationRead, without: denial(onOrders)},
		}},
		{command: "consume orders --group billing", shows: "record-0$", least: []right{
			{on: "topic", operation: kmsg.ACLOperationRead, without: denial(onOrders)},
			{on: "group", operation: kmsg.ACLOperationRead, without: denial(onBilling)},
		}},
		{command: "produce orders", shows: "^1 sent$", least: []right{
			{on: "topic", operation: kmsg.ACLOperationWrite, without: denial(onOrders)},
		}},
	}
}

func groupRights() []rightsRow {
	return []rightsRow{
		{command: "lag", shows: `^billing +Empty +0 +1 +1 `, least: []right{
			{on: "group", operation: kmsg.ACLOperationDescribe, without: hidden("^billing ", none, "the group is not in the list")},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: hidden(`^billing +Empty +0 +1 +1 `, `^billing +Empty +0 +- `, "exit 0: what the group read there is left out")},
		}},
		{command: "lag billing", shows: `^orders .* 1 `, least: []right{
			{on: "group", operation: kmsg.ACLOperationDescribe, without: denial(onBilling)},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: hidden(`^orders `, "lag unknown", "exit 0: what the group read there is left out")},
		}},
		{command: "list groups", shows: `^billing `, least: []right{
			{on: "group", operation: kmsg.ACLOperationDescribe, without: hidden("^billing ", none, "the group is not in the list")},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: loss{lacks: `^billing +Empty +classic +0 +1 `, page: "exit 0: the topic is not counted"}},
		}},
		{command: "describe group billing", shows: `^orders `, least: []right{
			{on: "group", operation: kmsg.ACLOperationDescribe, without: denial(onBilling)},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: hidden(`^orders `, `nothing committed, nothing assigned that User:user-\d+ may see`, "exit 0: what the group read there is left out")},
		}},
		{command: "reset-offsets billing --topic orders --to-end", shows: "1 partition to move", least: []right{
			{on: "group", operation: kmsg.ACLOperationDescribe, without: denial(onBilling)},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
		}},
		{command: "reset-offsets billing --topic orders --to-end --execute", shows: "1 partition moved", least: []right{
			{on: "group", operation: kmsg.ACLOperationRead, without: denial(onBilling)},
			{on: "topic", operation: kmsg.ACLOperationRead, without: denial(onOrders)},
		}},
		{command: "delete group billing --yes", shows: "^- billing", least: []right{
			{on: "group", operation: kmsg.ACLOperationDelete, without: denial(onBilling)},
		}},
	}
}

func viewRights() []rightsRow {
	return []rightsRow{
		{command: "list", shows: "^orders ", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: hidden("^orders ", none, "the topic is not in the list")},
		}},
		{command: "export", shows: "^  orders: ", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: loss{code: cli.ExitRefused, shows: `no topic to export that User:user-\d+ may see`, page: "exit 6"}},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
		}},
		{command: "export --access", shows: `^    principal: User:user-\d+$`, least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: loss{code: cli.ExitRefused, shows: `no topic to export that User:user-\d+ may see`, page: "exit 6"}},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: denial("cluster")},
			{on: "cluster", operation: kmsg.ACLOperationDescribeConfigs, without: denial("cluster")},
		}},
		{command: "describe orders", shows: "^orders: ok", least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: denial(onOrders)},
			{on: "topic", operation: kmsg.ACLOperationDescribeConfigs, without: denial(onOrders)},
			{on: "group", operation: kmsg.ACLOperationDescribe, without: loss{lacks: `^billing +Empty +0 +1 `, page: "the lag of the group is not known"}},
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: partial("^size +not known", "sizes are not known")},
		}},
		{command: "list brokers", shows: `^1 +127.0.0.1:`, least: []right{
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: partial("^note: broker 1: log directories are not known: not permitted: Describe on cluster", "a note: controller and sizes are not known")},
		}},
		{command: "describe cluster", shows: `^topics +1 `, least: []right{
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: partial("^controller +not known", "controller and sizes are not known")},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: hidden(`^topics +1 `, `^topics +`+none, "the topic is not counted")},
		}},
		{command: "describe broker 1", shows: "leads 1, ", least: []right{
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: partial("^note: broker 1: log directories are not known: not permitted: Describe on cluster", "a note: controller and sizes are not known")},
			{on: "cluster", operation: kmsg.ACLOperationDescribeConfigs, without: partial("settings are not known: not permitted: DescribeConfigs on cluster", "settings are not known")},
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: hidden("leads 1, ", `leads 0, .* of the topics that User:user-\d+ may see`, "the topic's partitions are not counted")},
		}},
		{command: "whoami", shows: `^User:user-\d+: the user that logged in$`, least: nil},
		{command: "whoami --topic orders --group billing", when: "for a sure answer", shows: `listener LOGIN`, least: []right{
			{on: "topic", operation: kmsg.ACLOperationDescribe, without: partial("^topic orders +not told without Describe", "what may be done with it is not told")},
			{on: "group", operation: kmsg.ACLOperationDescribe, without: partial("^group billing +not told without Describe", "what may be done with it is not told")},
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: partial("^cluster +not told without Describe", "what may be done with it is not told")},
			{on: "cluster", operation: kmsg.ACLOperationDescribeConfigs, without: partial("^unless ", "the principal is not sure")},
		}},
	}
}

func accessRights() []rightsRow {
	return []rightsRow{
		{command: "list acls", shows: `^User:user-\d+ +allow +describe +the cluster `, least: []right{
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: denial("cluster")},
		}},
		{
			command: "describe access OrderService", declared: "{partitions: 1, replicationFactor: 1, producers: [OrderService]}\nservices: {OrderService: {principal: User:order-service}}",
			shows: `^OrderService: ! 1 binding missing$`, least: []right{
				{on: "cluster", operation: kmsg.ACLOperationDescribe, without: denial("cluster")},
			},
		},
		{command: "describe access --derived", declared: "{partitions: 1, replicationFactor: 1, producers: [OrderService]}\nservices: {OrderService: {principal: User:order-service}}", shows: `^OrderService +User:order-service +1 `},
		{command: "can User:nobody read topic orders", shows: `^no: `, exit: cli.ExitCondition, least: []right{
			{on: "cluster", operation: kmsg.ACLOperationDescribe, without: denial("cluster")},
		}},
	}
}
