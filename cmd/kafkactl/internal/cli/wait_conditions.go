package cli

// What wait --for waits for: a word, or a prefix that a name follows.
const (
	ForZooKeeper = "zookeeper"
	ForBrokers   = "brokers"
	ForTopics    = "topics"
	ForTopic     = "topic:"
	ForGroup     = "group:"
)
