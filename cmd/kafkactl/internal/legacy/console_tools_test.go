package legacy

import "testing"

func TestModernizeConsoleTools(t *testing.T) {
	t.Parallel()
	check(t, []mapping{
		{"from now on", "kafka-console-consumer --bootstrap-server b:1 --topic t", "consume t --offset end -f --bootstrap-server b:1 -o value"},
		{"from the beginning", "kafka-console-consumer.sh --topic=t --from-beginning", "consume t --from-beginning -f -o value"},
		{"all, as Apache's tool says it", "console-consumer --topic t --from-beginning --max-messages -1", "consume t --from-beginning -f -o value"},
		{"so many", "console-consumer --topic t --from-beginning --max-messages 5", "consume t --from-beginning -f -n 5 -o value"},
		{"so many, without a limit", "console-consumer --topic t --from-beginning --max-messages -1", "consume t --from-beginning -f -o value"},
		{"with keys", "console-consumer --topic t --property print.key=true --property print.timestamp=true", "consume t --offset end -f -o wide"},
		{"with keys, separated", "console-consumer --topic t --property print.key=true --property key.separator=:", "consume t --offset end -f -o wide"},
		{"keys alone", "console-consumer --topic t --property print.key=true --property print.value=false", "consume t --offset end -f -o key"},
		{"in the words of 4.x", "console-consumer --topic t --formatter-property print.key=true", "consume t --offset end -f -o wide"},
		{"one partition", "console-consumer --topic t --partition 2 --offset earliest --timeout-ms 5000", "consume t --offset start -p 2 -o value"},
		{"an offset", "console-consumer --topic t --partition 0 --offset 41 --max-messages 1", "consume t --offset 41 -f -n 1 -p 0 -o value"},
		{"new ones, for a while", "console-consumer --topic t --max-messages 3 --timeout-ms 20000", "consume t --offset end --expect 3 --timeout 20000ms -o value"},
		{"of a group", "console-consumer --topic t --group g --isolation-level read_committed", "consume t -f --group g --isolation read_committed -o value"},
		{"of a group, from the beginning", "console-consumer --topic t --group g --from-beginning", "consume t -f --group g -o value"},
		{"settings of the client", "console-consumer --topic t --consumer-property group.id=g --consumer-property auto.offset.reset=earliest --consumer-property fetch.min.bytes=1", "consume t -f --group g -o value"},
		{"the earliest by a setting", "console-consumer --topic t --consumer-property auto.offset.reset=earliest", "consume t --from-beginning -f -o value"},
		{"the usual classes", "console-consumer --topic t --formatter org.apache.kafka.tools.consumer.DefaultMessageFormatter --property key.deserializer=org.apache.kafka.common.serialization.StringDeserializer", "consume t --offset end -f -o value"},
		{"several topics", "console-consumer --include a|b --from-beginning", "consume a b --from-beginning -f -o value"},
		{"in a format", "console-consumer --topic t --from-beginning -o json", "consume t --from-beginning -f -o json"},
		{"a flag of ours before theirs", "console-consumer --topic t --follow --from-beginning", "consume t --from-beginning -f --follow -o value"},
		{"lines", "kafka-console-producer --broker-list b:1 --topic t", "produce t --broker-list b:1"},
		{"keys behind a backslash", `console-producer --topic t --property parse.key=true --property key.separator=\`, `produce t --key-separator \\`},
		{"keys", "console-producer --topic t --property parse.key=true --property key.separator=:", "produce t --key-separator :"},
		{"acknowledged", "console-producer --topic t --request-required-acks -1 --compression-codec gzip --sync", "produce t --acks all --compression gzip"},
		{"a codec by default", "console-producer --topic t --compression-codec --sync", "produce t --compression gzip"},
		{"settings of the producer", "console-producer --topic t --producer-property acks=1 --producer-property compression.type=lz4 --producer-property linger.ms=5", "produce t --acks 1 --compression lz4"},
		{"client properties", "kafka-console-producer --topic t --producer.config f", "produce t --command-config f"},
		{"client properties of a consumer", "kafka-console-consumer --topic t --from-beginning --consumer.config=f", "consume t --from-beginning -f --command-config f -o value"},
		{"tuning", "console-producer --topic t --batch-size 16384 --timeout 1000 --max-block-ms 60000", "produce t"},
	})
	if _, hint, _ := Modernize([]string{"console-producer", "--topic", "t", "--property", "parse.key=true"}); hint != `note: this is now spelled: kafkactl produce t --key-separator $'\t'` {
		t.Errorf("a tab: %s", hint)
	}
	const class, formatter = "org.apache.kafka.common.serialization.LongDeserializer", "kafka.coordinator.group.GroupMetadataManager$OffsetsMessageFormatter"
	const values, offsets = "console-consumer --topic t --value-deserializer ", "console-consumer --topic t --formatter "
	checkRefused(t, map[string]string{
		"console-consumer --from-beginning":                                   "kafka-console-consumer needs --topic",
		"console-producer --sync":                                             "kafka-console-producer needs --topic",
		"console-consumer --topic t --timeout-ms 5000":                        "kafka-console-consumer --timeout-ms: kafkactl waits for a number of new records, or for ever",
		"console-consumer --include .+ --from-beginning":                      "kafka-console-consumer --include .+: kafkactl takes no regular expressions",
		"console-consumer --topic t --zookeeper zk:2181":                      "kafka-console-consumer --zookeeper: Kafka 3.0 and later, and kafkactl, ask the brokers and not ZooKeeper",
		"console-consumer --topic t --consumer-property sasl.mechanism=PLAIN": "kafka-console-consumer: sasl.mechanism: kafkactl takes these settings from a file",
		values + class:      "kafka-console-consumer --value-deserializer " + class + ": kafkactl runs no Java classes, and shows keys and values as text or base64",
		offsets + formatter: "kafka-console-consumer --formatter: kafkactl does not read the records of __consumer_offsets",
		"console-producer --topic t --property parse.headers=true":      "kafka-console-producer --property parse.headers: kafkactl reads no headers from lines",
		"console-producer --topic t --line-reader com.example.MyReader": "kafka-console-producer --line-reader com.example.MyReader: kafkactl runs no Java classes",
	})
}
