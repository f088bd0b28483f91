package composefile

import (
	"fmt"
	"slices"
)

// retiredImage is an image that is not maintained any more.
type retiredImage struct {
	name, tag string // no tag: any
	why       string
	successor string
	broker    bool
	gone      bool // Docker Hub does not give it out, or Docker does not take it
}

// matches reports an image of the name, and of the tag where one is meant.
func (r retiredImage) matches(i image) bool { return i.is(r.name) && (r.tag == "" || r.tag == i.tag) }

// retiredImages returns only the images whose end is certain.
func retiredImages() []retiredImage {
	const (
		bitnami = "Bitnami took its public images down in August 2025"
		legacy  = bitnami + "; bitnamilegacy gets no fixes (bitnami/containers#83267)"
		kafka   = "image: apache/kafka:4.1.1 or confluentinc/cp-kafka (other variables: KAFKA_, not KAFKA_CFG_)"
		keeper  = "image: confluentinc/cp-zookeeper:" + lastWithZooKeeper + ", or KRaft and no ZooKeeper"
		schema1 = "its manifest is of schema 1, which Docker refuses since 26 (wurstmeister/zookeeper-docker#32)"
		topics  = "image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS"
	)
	return []retiredImage{
		{
			name: "provectuslabs/kafka-ui",
			why:  "its last release is of 2024 and runs any code it is sent (CVE-2023-52251); the authors go on as kafbat",
			// The same variables, by the same people.
			successor: "image: ghcr.io/kafbat/kafka-ui:v1.5.0",
		},
		{name: "bitnami/kafka", why: bitnami, successor: kafka + "; bitnamilegacy/kafka starts, without fixes", broker: true, gone: true},
		{name: "bitnamilegacy/kafka", why: legacy, successor: kafka, broker: true},
		{name: "bitnami/zookeeper", why: bitnami, successor: keeper + "; bitnamilegacy/zookeeper starts, without fixes", gone: true},
		{name: "bitnamilegacy/zookeeper", why: legacy, successor: keeper},
		{name: "wurstmeister/kafka", why: "unmaintained; its last Kafka is 2.8", successor: topics, broker: true},
		{name: "wurstmeister/zookeeper", tag: "3.4.6", why: schema1, successor: keeper, gone: true},
		{name: "wurstmeister/zookeeper", why: "unmaintained; it holds ZooKeeper 3.4", successor: keeper},
		{name: "spotify/kafka", why: "unmaintained; its last Kafka is 0.10", successor: "image: apache/kafka:4.1.1", broker: true},
		{name: "landoop/fast-data-dev", why: "Landoop became Lenses", successor: "image: lensesio/fast-data-dev", broker: true},
		{name: "confluentinc/cp-enterprise-kafka", why: "Confluent renamed it to cp-server", successor: "image: confluentinc/cp-server:" + lastWithZooKeeper},
		{name: "cloudhut/kowl", why: "Kowl became Redpanda Console", successor: "image: redpandadata/console"},
	}
}

// deadImages: an image that cannot be pulled starts only where an old pull has left it; one without
// fixes starts until it is gone. A registry of one's own may have what Docker Hub has no more.
func deadImages(stack *Stack, report reporter) {
	for _, s := range stack.services {
		retired := retiredImages()
		i := slices.IndexFunc(retired, func(r retiredImage) bool { return r.matches(s.image) })
		if i < 0 {
			continue
		}
		if retired[i].gone && s.image.onHub() && s.Build == nil {
			report.fault(s, s.at(key("image")), fmt.Sprintf("%s cannot be pulled: %s", s.image.ref, retired[i].why), retired[i].successor)
		} else {
			report.advice(s, s.at(key("image")), fmt.Sprintf("%s is dead: %s", s.image.ref, retired[i].why), retired[i].successor)
		}
	}
}

// deadBroker reports a dead image that holds a broker.
func deadBroker(i image) bool {
	return slices.ContainsFunc(retiredImages(), func(r retiredImage) bool { return r.broker && r.matches(i) })
}
