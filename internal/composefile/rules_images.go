package composefile

import "fmt"

// retiredImage is an image that is not maintained any more.
type retiredImage struct {
	names     []string
	why       string
	successor string
	broker    bool
}

// retiredImages returns only the images whose end is certain.
func retiredImages() []retiredImage {
	const bitnami = "Bitnami took its public images down in August 2025; bitnamilegacy gets no fixes (bitnami/containers#83267)"
	return []retiredImage{
		{
			names: []string{"provectuslabs/kafka-ui"},
			why:   "its last release is of 2024 and runs any code it is sent (CVE-2023-52251); the authors go on as kafbat",
			// The same variables, by the same people.
			successor: "image: ghcr.io/kafbat/kafka-ui:v1.5.0",
		},
		{[]string{"bitnami/kafka", "bitnamilegacy/kafka"}, bitnami, "image: apache/kafka:4.1.1 or confluentinc/cp-kafka (other variables: KAFKA_, not KAFKA_CFG_)", true},
		{[]string{"bitnami/zookeeper", "bitnamilegacy/zookeeper"}, bitnami, "image: confluentinc/cp-zookeeper:" + lastWithZooKeeper + ", or KRaft and no ZooKeeper", false},
		{[]string{"wurstmeister/kafka"}, "unmaintained; its last Kafka is 2.8", "image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS", true},
		{[]string{"wurstmeister/zookeeper"}, "unmaintained; it holds ZooKeeper 3.4", "image: confluentinc/cp-zookeeper:" + lastWithZooKeeper + ", or KRaft and no ZooKeeper", false},
		{[]string{"spotify/kafka"}, "unmaintained; its last Kafka is 0.10", "image: apache/kafka:4.1.1", true},
		{[]string{"landoop/fast-data-dev"}, "Landoop became Lenses", "image: lensesio/fast-data-dev", true},
		{[]string{"confluentinc/cp-enterprise-kafka"}, "Confluent renamed it to cp-server", "image: confluentinc/cp-server:" + lastWithZooKeeper, false},
		{[]string{"cloudhut/kowl"}, "Kowl became Redpanda Console", "image: redpandadata/console", false},
	}
}

// deadImages: an image without fixes is pulled until it is gone, and then the stack no
// longer starts.
func deadImages(stack *Stack, report reporter) {
	for _, s := range stack.services {
		for _, g := range retiredImages() {
			if s.image.is(g.names...) {
				report(s, s.at(key("image")), fmt.Sprintf("%s is dead: %s", s.image.ref, g.why), g.successor)
			}
		}
	}
}

// deadBroker reports a dead image that holds a broker.
func deadBroker(i image) bool {
	for _, g := range retiredImages() {
		if g.broker && i.is(g.names...) {
			return true
		}
	}
	return false
}
