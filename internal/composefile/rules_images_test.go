package composefile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDeadImages(t *testing.T) {
	t.Parallel()
	const ui = "ghcr.io/kafbat/kafka-ui:v1.5.0"
	runFaults(t, []fault{
		{
			name: "provectus", base: zooStack, edits: []string{ui, "provectuslabs/kafka-ui:latest"},
			want: []string{
				"62:5 kafka-ui [dead-image] provectuslabs/kafka-ui:latest is dead: its last release is of 2024 and runs any code it is sent (CVE-2023-52251); the authors go on as kafbat",
				"fix: image: ghcr.io/kafbat/kafka-ui:v1.5.0",
			},
		},
		{
			name: "wurstmeister and bitnami", base: zooStack,
			edits: []string{"confluentinc/cp-zookeeper:7.9.2", "registry.example.com/bitnamilegacy/zookeeper:3.9", "confluentinc/cp-kafka:7.9.2", "wurstmeister/kafka"},
			want: []string{
				"5:5 zookeeper [dead-image] registry.example.com/bitnamilegacy/zookeeper:3.9 is dead: Bitnami took its public images down in August 2025; bitnamilegacy gets no fixes (bitnami/containers#83267)",
				"fix: image: confluentinc/cp-zookeeper:7.9.2, or KRaft and no ZooKeeper",
				"22:5 kafka [dead-image] wurstmeister/kafka is dead: unmaintained; its last Kafka is 2.8",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS",
			},
		},
		{
			name: "renamed", base: zooStack, edits: []string{"confluentinc/cp-kafka:7.9.2", "confluentinc/cp-enterprise-kafka:5.5.0", ui, "cloudhut/kowl:v1.5"},
			want: []string{
				"22:5 kafka [dead-image] confluentinc/cp-enterprise-kafka:5.5.0 is dead: Confluent renamed it to cp-server",
				"fix: image: confluentinc/cp-server:7.9.2",
				"62:5 kafka-ui [dead-image] cloudhut/kowl:v1.5 is dead: Kowl became Redpanda Console",
				"fix: image: redpandadata/console",
			},
		},
		{name: "another image of bitnami", base: zooStack, edits: []string{"\nvolumes:\n  zoo", "  db:\n    image: bitnami/postgresql\n\nvolumes:\n  zoo"}},
		{name: "an image that is alive", base: zooStack, edits: []string{ui, "obsidiandynamics/kafdrop:4.2.0"}},
	})
}

func TestImageVersions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ref  string
		want version // of Kafka
	}{
		{"confluentinc/cp-kafka:7.9.2", version{3, 9}},
		{"confluentinc/cp-kafka:7.9.2-1-ubi8", version{3, 9}},
		{"mirror.example.com:5000/confluentinc/cp-server:8.0.0", version{4, 0}},
		{"confluentinc/cp-kafka:6.2.1", version{2, 8}},
		{"confluentinc/cp-kafka:5.4.0", version{2, 4}},
		{"confluentinc/cp-kafka", version{4, 0}},
		{"confluentinc/cp-kafka:latest-ubi9", version{4, 0}},
		{"apache/kafka:3.9.1-rc0", version{3, 9}},
		{"apache/kafka-native:v4.1.1", version{4, 1}},
		{"apache/kafka@sha256:0123", version{}},
		{"apache/kafka:trunk", version{}},
		{"confluentinc/cp-enterprise-kafka", version{}},
		{"confluentinc/cp-kafka:4.0.0", version{}},
		{"example/kafka:7.0.0", version{}},
	} {
		if diff := cmp.Diff(test.want, parseImage(test.ref).kafka(), cmp.AllowUnexported(version{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.ref, diff)
		}
	}
}
