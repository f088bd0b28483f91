// Package embedded is a Kafka in this process, for `kafkactl dev`: brokers that any client of Kafka can
// use, without a container and without Java.
//
// Reading guide: [Start] (cluster.go) starts the brokers, which are those of kfake, and gives them
// the defaults of a real broker. directory.go sees to it that one process at a time uses a data
// directory. watch*.go find out what the user should know and no client is told, as data
// (notice.go): they follow the requests of the connections, the log of kfake, and the memory.
//
// What kfake does otherwise than a broker is mended from outside: upstream.go lists its defects, one
// entry each. listener.go hands kfake the connections of clients, and wire.go follows the requests on
// them and changes the answers; frames without a mend, as those of records, pass through untouched.
// advertise.go gives the brokers a second address, whose clients find it in their answers.
// security.go puts TLS and a login (login*.go) in front of both addresses.
//
// judge.go stands before kfake and refuses what a broker refuses: topics (judge_topics.go), partitions
// and replicas (judge_partitions.go), settings (judge_configs.go), records (judge_records.go, with
// produce_rules.go and record_batch.go); kfake answers the rest of such a request (judge_rest.go).
// describe_configs.go completes what kfake says of a topic's settings.
package embedded
