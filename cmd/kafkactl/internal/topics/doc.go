// Package topics has the commands list and describe, of topics, brokers and the cluster, and whoami.
//
// list.go and describe.go are the commands; the file behind is named for the kind of thing:
// list_brokers.go, describe_broker.go, describe_cluster.go. A topic is described by its brokers
// (describe_topic.go), by the topics file (describe_declaration.go) and by its consumer groups
// (describe_groups.go). describe_issues.go chooses partitions by what is wrong with them, and
// partition_view.go has the words for that.
//
// whoami.go is who the client is to the cluster and what it may do there, whoami_doc.go and
// whoami_text.go are its forms.
package topics
