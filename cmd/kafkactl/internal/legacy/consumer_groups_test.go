package legacy

import "testing"

func TestModernizeGroups(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"get", "get cg", "list groups"},
		{"get with a flag", "get groups -o json", "list groups -o json"},
		{"get one", "get cg g", "describe group g"},
		{"describe", "describe cg g", "describe group g"},
		{"topic called as a kind", "get topic group -o json", "describe topic group -o json"},
		{"describe a topic called as a kind", "topics --describe --topic cluster", "describe topic cluster"},
		{"delete a topic called as a kind", "topics --delete --topic group", "delete topic group"},
		{"list", "kafka-consumer-groups --bootstrap-server b:1 --list", "list groups --bootstrap-server b:1"},
		{"describe by Apache", "kafka-consumer-groups.sh --describe --group g --members --verbose", "describe group g"},
		{"describe several", "consumer-groups --describe --group g --group h", "lag g h"},
		{"describe all", "consumer-groups --describe --all-groups --timeout 5000", "lag --timeout 5000ms"},
		{"state alone", "consumer-groups --describe --group=g --state", "describe group g"},
		{"to the beginning", "consumer-groups --reset-offsets --group g --topic t:0,1 --to-earliest --execute", "reset-offsets g --topic t:0,1 --to-beginning --execute"},
		{"to the end", "consumer-groups --group g --reset-offsets --all-topics --to-latest --dry-run", "reset-offsets g --all-topics --to-end"},
		{"to a time", "consumer-groups --reset-offsets --group g --topic t --to-datetime 2026-11-22T10:00:00.000", "reset-offsets g --topic t --to-time 2026-11-22T10:00:00.000Z"},
		{"to a time in a zone", "consumer-groups --reset-offsets --group g --topic t --to-datetime 2026-11-22T10:00:00+01:00", "reset-offsets g --topic t --to-time 2026-11-22T10:00:00+01:00"},
		{"back by a duration", "consumer-groups --reset-offsets --group g --topic t --by-duration P1DT2H30M", "reset-offsets g --topic t --to-time 1d2h30m"},
		{"by so many", "consumer-groups --reset-offsets --group g --topic t --shift-by -5", "reset-offsets g --topic t --shift -5"},
		{"delete", "consumer-groups --delete --group g --group h", "delete group g h"},
		{"list with states", "consumer-groups --list --state", "list groups"},
		{"a time limit of ours", "consumer-groups --list --timeout 5s", "list groups --timeout 5s"},
		{"to an offset", "consumer-groups --reset-offsets --group g --topic t:0 --to-offset 41 --execute", "reset-offsets g --topic t:0 --to-offset 41 --execute"},
		{"as the class", "kafka-run-class kafka.admin.ConsumerGroupCommand --list", "list groups"},
	})
	checkRefused(t, map[string]string{
		"kafka-consumer-groups":                                                     "kafka-consumer-groups needs one of --list, --describe, --reset-offsets, --delete",
		"consumer-groups --describe":                                                "kafka-consumer-groups needs --group or --all-groups",
		"consumer-groups --delete-offsets --group g --topic t":                      "kafka-consumer-groups --delete-offsets: kafkactl forgets no single offsets",
		"consumer-groups --list --state Empty":                                      "kafka-consumer-groups --list --state Empty: kafkactl list groups shows the state of each, and of all",
		"consumer-groups --delete --all-groups":                                     "kafka-consumer-groups --delete --all-groups: kafkactl takes groups by their names",
		"consumer-groups --reset-offsets --all-groups --topic t --to-latest":        "kafka-consumer-groups --reset-offsets --all-groups: kafkactl takes groups by their names",
		"consumer-groups --reset-offsets --group g --group h --topic t --to-latest": "kafka-consumer-groups --reset-offsets of several groups: kafkactl resets one at a time",
		"consumer-groups --reset-offsets --group g --topic t --to-current":          "kafka-consumer-groups --to-current: it would leave the offsets where they are",
		"consumer-groups --reset-offsets --group g --from-file f.csv":               "kafka-consumer-groups --from-file: kafkactl resets from no file and to none",
		"consumer-groups --reset-offsets --group g --to-latest":                     "kafka-consumer-groups needs --topic or --all-topics",
		"consumer-groups --reset-offsets --group g --topic t":                       "kafka-consumer-groups needs to know where to: --to-earliest, --to-latest, --to-offset, --to-datetime, --by-duration or --shift-by",
		"consumer-groups --zookeeper zk:2181 --list":                                "kafka-consumer-groups --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper",
	})
}
