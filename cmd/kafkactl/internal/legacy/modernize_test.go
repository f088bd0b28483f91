package legacy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mapping is an old command line and ours.
type mapping struct{ name, old, want string }

// check fails the test for each mapping that is not made, or not taught. The words of the command
// lines have no blanks.
func check(t *testing.T, mappings []mapping) {
	t.Helper()
	for _, m := range mappings {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			got, hint, refused := Modernize(strings.Fields(m.old))
			if refused != nil {
				t.Fatalf("%s is refused: %v", m.old, refused)
			}
			if diff := cmp.Diff(m.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", m.old, diff)
			}
			if !strings.HasPrefix(hint, "note: ") || !strings.HasSuffix(hint, spelled(got)) {
				t.Errorf("hint %q", hint)
			}
		})
	}
}

// checkRefused fails the test for each old command line that is not refused with that sentence and
// with advice.
func checkRefused(t *testing.T, refusals map[string]string) {
	t.Helper()
	for old, want := range refusals {
		got, hint, refused := Modernize(strings.Fields(old))
		switch {
		case refused == nil:
			t.Errorf("%s became %q", old, got)
		case refused.Error() != want || refused.Hint() == "" || hint != "":
			t.Errorf("%s\nis refused: %s\nwant        %s\nadvice %q", old, refused, want, refused.Hint())
		}
	}
}

func TestModernizeTopics(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"version", "--version -o json", "version -o json"},
		{"list", "topics --list --bootstrap-server b:1", "list --bootstrap-server b:1"},
		{"list some", "kafka-topics.sh --list --topic order.* --exclude-internal", "list order*"},
		{"describe", "kafka-topics --describe --topic t", "describe t"},
		{"describe all", "kafka-topics --describe --bootstrap-server b:1", "list --bootstrap-server b:1 -o wide"},
		{"describe several", "kafka-topics --describe --topic a,b", "list a b -o wide"},
		{"describe sick ones", "kafka-topics --describe --under-min-isr-partitions", "describe --under-min-isr"},
		{"create", "kafka-topics --create --if-not-exists --topic t --partitions 3 --replication-factor 1 --config a=b", "create t --if-not-exists --partitions 3 --replication-factor 1 --config a=b"},
		{"alter", "kafka-topics --alter --topic t --partitions 6", "alter t --partitions 6"},
		{"delete", "kafka-topics --delete --topic t --yes", "delete t --yes"},
		{"delete several", "kafka-topics --delete --topic a|b", "delete a b"},
		{"an expression for one", `kafka-topics --describe --topic order\.created`, "describe order.created"},
		{"a path", "/opt/kafka/bin/kafka-topics.sh --list", "list"},
		{"of this directory", "bin/kafka-topics.sh --list", "list"},
		{"a class", "kafka-run-class.sh kafka.admin.TopicCommand --list", "list"},
		{"both addresses", "kafka-topics --zookeeper zk:2181 --bootstrap-server b:1 --list", "list --bootstrap-server b:1"},
		{"client properties", "kafka-topics --list --bootstrap-server b:1 --command-config f", "list --bootstrap-server b:1 --command-config f"},
		{"client properties of a topic's settings", "kafka-topics --create --topic t --config a=b --command-config f", "create t --config a=b --command-config f"},
		{"help", "kafka-topics --help", "--help"},
		{"the version of a tool", "kafka-topics --version", "version"},
	})
	checkRefused(t, map[string]string{
		"kafka-topics":                                           "kafka-topics needs one of --list, --describe, --create, --alter, --delete",
		"kafka-topics --create --partitions 3":                   "kafka-topics needs --topic",
		"kafka-topics --zookeeper zk:2181 --list":                "kafka-topics --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper",
		"topics --zookeeper=zk:2181/kafka --list":                "kafka-topics --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper",
		"kafka-topics --describe --topic ord(er|ers)":            "kafka-topics --topic ord(er|ers): kafkactl takes no regular expressions",
		"kafka-topics --delete --topic order.*":                  "kafka-topics --topic order.*: kafkactl delete takes one topic by its name",
		"kafka-topics --delete --if-exists --topic t":            "kafka-topics --if-exists: kafkactl says so where a topic does not exist",
		"kafka-topics --create --topic t --replica-assignment 0": "kafka-topics --replica-assignment: the brokers place the replicas",
	})
	_, _, refused := Modernize(strings.Fields("kafka-topics.sh --zookeeper zk:2181 --describe --topic t"))
	if diff := cmp.Diff("give the brokers in its place: kafkactl describe t -b localhost:29092", refused.Hint()); diff != "" {
		t.Errorf("advice (-want +got):\n%s", diff)
	}
}

func TestModernizeConfigs(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"describe", "kafka-configs --bootstrap-server b:1 --describe --entity-type topics --entity-name t", "describe t --bootstrap-server b:1"},
		{"describe all of one", "kafka-configs --describe --topic t --all", "describe t -o wide"},
		{"a topic called as a kind", "kafka-configs --describe --topic group", "describe topic group"},
		{"a broker", "configs --describe --entity-type brokers --entity-name 1 --all", "describe broker 1 -o wide"},
		{"add", "kafka-configs.sh --alter --entity-type topics --entity-name t --add-config retention.ms=604800000", "alter t --config retention.ms=604800000"},
		{"add several", "kafka-configs --alter --entity-type topics --entity-name t --add-config retention.ms=1,cleanup.policy=[compact,delete],segment.ms=2", "alter t --config retention.ms=1 --config cleanup.policy=compact,delete --config segment.ms=2"},
		{"take back", "kafka-configs --alter --topic t --delete-config retention.ms,segment.ms", "alter t --delete-config retention.ms,segment.ms"},
		{"both", "kafka-configs --alter --topic t --add-config a=1 --delete-config b", "alter t --config a=1 --delete-config b"},
		{"a class", "kafka.admin.ConfigCommand --describe --topic t", "describe t"},
	})
	checkRefused(t, map[string]string{
		"kafka-configs --entity-type topics --entity-name t":                                  "kafka-configs needs --describe or --alter",
		"kafka-configs --describe --entity-type topics":                                       "kafka-configs needs --entity-name",
		"kafka-configs --describe --entity-type brokers":                                      "kafka-configs needs --entity-name",
		"kafka-configs --alter --topic t":                                                     "kafka-configs needs --add-config or --delete-config",
		"kafka-configs --describe":                                                            "kafka-configs needs --entity-type",
		"kafka-configs --alter --entity-type brokers --entity-name 1 --add-config a=b":        "kafka-configs --alter for brokers: kafkactl changes the settings of topics alone",
		"kafka-configs --alter --entity-type brokers --entity-default --add-config a=b":       "kafka-configs --entity-default: kafkactl knows the settings of topics and of single brokers",
		"kafka-configs --describe --entity-type users --entity-name u":                        "kafka-configs --describe for users: kafkactl shows the settings of topics and brokers alone",
		"kafka-configs --alter --entity-type client-metrics --entity-name m --add-config a=b": "kafka-configs --alter for client-metrics: kafkactl changes the settings of topics alone",
		"kafka-configs --zookeeper zk:2181 --describe --topic t":                              "kafka-configs --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper",
		"kafka-configs --alter --topic t --add-config-file f":                                 "kafka-configs --add-config-file: kafkactl takes settings from the command line, or topics from a topics file",
	})
}

func TestModernizeOffsets(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"of a topic", "kafka-get-offsets --bootstrap-server b:1 --topic t", "describe t --bootstrap-server b:1"},
		{"the ends", "kafka-get-offsets.sh --topic t --time -1", "describe t"},
		{"the beginnings", "get-offsets --topic t --time -2 --partitions 0,1", "describe t"},
		{"the earliest", "kafka-get-offsets --topic t --time earliest", "describe t"},
		{"of partitions", "kafka-get-offsets --topic-partitions t:0,t:2-4", "describe t"},
		{"the old class", "kafka-run-class kafka.tools.GetOffsetShell --broker-list b:1 --topic t --time -1", "describe t --broker-list b:1"},
		{"the new class", "kafka-run-class.sh org.apache.kafka.tools.GetOffsetShell --topic t", "describe t"},
	})
	checkRefused(t, map[string]string{
		"kafka-get-offsets":                                "kafka-get-offsets is asked about one topic at a time",
		"kafka-get-offsets --topic-partitions t:0,u:1":     "kafka-get-offsets is asked about one topic at a time",
		"kafka-get-offsets --topic order.*":                "kafka-get-offsets --topic order.*: kafkactl takes no regular expressions here",
		"kafka-get-offsets --topic t --time -3":            "kafka-get-offsets --time -3: kafkactl shows where partitions begin and end",
		"kafka-get-offsets --topic t --time 1700000000000": "kafka-get-offsets --time 1700000000000: kafkactl shows where partitions begin and end",
	})
}

func TestModernizeOtherTools(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"does it answer", "kafka-broker-api-versions.sh --bootstrap-server b:1", "health --probe --bootstrap-server b:1"},
		{"the id", "kafka-cluster cluster-id --bootstrap-server b:1", "describe cluster --bootstrap-server b:1"},
		{"the quorum", "kafka-metadata-quorum --bootstrap-server b:1 describe --status", "describe cluster --bootstrap-server b:1"},
		{"groups of 4.x", "kafka-groups --bootstrap-server b:1 --list --consumer", "list groups --bootstrap-server b:1"},
		{"cub", "cub kafka-ready -b b:1 3 40", "wait --min-brokers 3 --timeout 40s -b b:1"},
		{"acls", "kafka-acls.sh --bootstrap-server b:1 --command-config f --list", "list acls --bootstrap-server b:1 --command-config f"},
		{"acls of one", "acls --list --principal User:a", "list acls --principal User:a"},
		{"cub, secured", "cub kafka-ready -b b:1 -c f 3 40", "wait --min-brokers 3 --timeout 40s -b b:1 --command-config f"},
		{"cub and ZooKeeper", "cub zk-ready zk:2181 40", "wait --for zookeeper --zookeeper zk:2181 --timeout 40s"},
	})
	checkRefused(t, map[string]string{
		"kafka-acls --add --allow-principal User:a --topic t": "kafka-acls --add: kafkactl changes ACLs by topics.yaml",
		"kafka-acls --list --topic t":                         "kafka-acls --topic: kafkactl list acls lists those on everything",
		"kafka-acls":                                          "kafka-acls needs --list",
		"kafka-delete-records.sh --offset-json-file f":        "kafka-delete-records: kafkactl deletes no records",
		"kafka-log-dirs --describe --broker-list 1":           "kafka-log-dirs: kafkactl shows sizes by broker and by topic",
		"kafka-leader-election --election-type preferred":     "kafka-leader-election: kafkactl elects no leaders",
		"kafka-reassign-partitions.sh --execute":              "kafka-reassign-partitions: kafkactl moves no replicas",
		"zookeeper-shell.sh zk:2181 ls /brokers/ids":          "zookeeper-shell: kafkactl reads of ZooKeeper what Kafka has registered there, and nothing else",
		"kafka-cluster unregister --id 1":                     "kafka-cluster unregister: kafkactl has no counterpart of it",
		"cub sr-ready sr 8081 40":                             "cub sr-ready sr 8081 40: kafkactl knows cub kafka-ready and cub zk-ready",
	})
	for tool, sentence := range withoutCounterpart() {
		if _, mapped := tools()[tool]; mapped || sentence.Text == "" || sentence.Advice == "" {
			t.Errorf("%s: mapped %t, %+v", tool, mapped, sentence)
		}
	}
}

// A line that ran inside a container says which brokers the container sees: those are left out.
func TestModernizeInsideContainer(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"docker", "docker exec kafka kafka-topics --bootstrap-server localhost:9092 --list", "list"},
		{"with options", "docker exec -it -e A=b kafka-1 /opt/kafka/bin/kafka-topics.sh --list --bootstrap-server kafka:9092", "list"},
		{"sudo", "sudo docker exec kafka kafka-topics --list", "list"},
		{"sudo alone", "sudo kafka-topics --list --bootstrap-server b:1", "list --bootstrap-server b:1"},
		{"Compose", "docker compose exec -T kafka kafka-console-producer --broker-list localhost:9092 --topic t", "produce t"},
		{"the old Compose", "docker-compose exec kafka kafka-consumer-groups --bootstrap-server localhost:9092 --list", "list groups"},
		{"a container of its own", "docker run --rm --network n confluentinc/cp-kafka:7.9.0 kafka-topics --bootstrap-server kafka:9092 --describe --topic t", "describe t"},
		{"Kubernetes", "kubectl exec -it kafka-0 -n kafka -- bin/kafka-get-offsets.sh --bootstrap-server localhost:9092 --topic t", "describe t"},
		{"a shell", "docker exec kafka cub kafka-ready -b localhost:9092 1 40", "wait --min-brokers 1 --timeout 40s"},
	})
	got, hint, _ := Modernize([]string{"docker", "exec", "kafka", "bash", "-c", "kafka-topics --bootstrap-server localhost:9092 --list"})
	const note = "note: localhost:9092 is an address inside the container and was left out: -b or KAFKACTL_BROKERS says where the brokers are from here\n" +
		"note: this is now spelled: kafkactl list"
	if diff := cmp.Diff([]string{"list", note}, append(got, hint)); diff != "" {
		t.Errorf("a shell (-want +got):\n%s", diff)
	}
	checkRefused(t, map[string]string{
		"docker exec kafka kafka-acls --remove":                     "kafka-acls --remove: kafkactl changes ACLs by topics.yaml",
		"docker exec kafka kafka-topics --zookeeper zk:2181 --list": "kafka-topics --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper",
	})
}

// Whatever is no old spelling stays as it is.
func TestModernizeLeavesOthers(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "list", "topics", "topics list", "consumer-groups", "configs", "get", "get topics-of-mine", "describe group g", "list groups", "describe cg",
		"describe groups -o json", "describe group", "docker", "docker ps", "docker exec kafka ls", "sudo", "kafka-topcs --list", "cub", "wait -- kafka-topics --list",
		"consume kafka-topics", "dev -- docker exec kafka kafka-topics --list",
	} {
		got, hint, refused := Modernize(strings.Fields(line))
		if strings.Join(got, " ") != line || hint != "" || refused != nil {
			t.Errorf("%q became %q, hint %q, refused %v", line, got, hint, refused)
		}
	}
}
