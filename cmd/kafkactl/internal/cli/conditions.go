package cli

// What wait can wait for.
const (
	ForZooKeeper = "zookeeper"
	ForBrokers   = "brokers"
	ForTopics    = "topics"
	ForTopic     = "topic:" // and its name
	ForGroup     = "group:" // likewise
)
