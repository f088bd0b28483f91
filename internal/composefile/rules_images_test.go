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
				"62:5 kafka-ui [dead-image, advice] provectuslabs/kafka-ui:latest is dead: its last release is of 2024 and runs any code it is sent (CVE-2023-52251); the authors go on as kafbat",
				"fix: image: ghcr.io/kafbat/kafka-ui:v1.5.0",
			},
		},
		{
			name: "wurstmeister and bitnami", base: zooStack,
			edits: []string{"confluentinc/cp-zookeeper:7.9.2", "registry.example.com/bitnamilegacy/zookeeper:3.9", "confluentinc/cp-kafka:7.9.2", "wurstmeister/kafka"},
			want: []string{
				"5:5 zookeeper [dead-image, advice] registry.example.com/bitnamilegacy/zookeeper:3.9 is dead: Bitnami took its public images down in August 2025; bitnamilegacy gets no fixes (bitnami/containers#83267)",
				"fix: image: confluentinc/cp-zookeeper:7.9.2, or KRaft and no ZooKeeper",
				"22:5 kafka [dead-image, advice] wurstmeister/kafka is dead: unmaintained; its last Kafka is 2.8",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka, and topics from topics.yaml instead of KAFKA_CREATE_TOPICS",
			},
		},
		{
			name: "renamed", base: zooStack, edits: []string{"confluentinc/cp-kafka:7.9.2", "confluentinc/cp-enterprise-kafka:5.5.0", ui, "cloudhut/kowl:v1.5"},
			want: []string{
				"22:5 kafka [dead-image, advice] confluentinc/cp-enterprise-kafka:5.5.0 is dead: Confluent renamed it to cp-server",
				"fix: image: confluentinc/cp-server:7.9.2",
				"62:5 kafka-ui [dead-image, advice] cloudhut/kowl:v1.5 is dead: Kowl became Redpanda Console",
				"fix: image: redpandadata/console",
			},
		},
		{
			name: "no more on Docker Hub", base: zooStack, edits: []string{ui, "provectuslabs/kafka-ui:latest", "\nvolumes:\n  zoo", "  b:\n    image: bitnami/kafka:3.7\n  c:\n    image: docker.io/bitnami/zookeeper\n  d:\n    image: bitnami/kafka\n    build: .\n\nvolumes:\n  zoo"},
			want: []string{
				"74:5 b [dead-image] bitnami/kafka:3.7 cannot be pulled: Bitnami took its public images down in August 2025",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka (other variables: KAFKA_, not KAFKA_CFG_); bitnamilegacy/kafka starts, without fixes",
				"76:5 c [dead-image] docker.io/bitnami/zookeeper cannot be pulled: Bitnami took its public images down in August 2025",
				"fix: image: confluentinc/cp-zookeeper:7.9.2, or KRaft and no ZooKeeper; bitnamilegacy/zookeeper starts, without fixes",
				"62:5 kafka-ui [dead-image, advice] provectuslabs/kafka-ui:latest is dead: its last release is of 2024 and runs any code it is sent (CVE-2023-52251); the authors go on as kafbat",
				"fix: image: ghcr.io/kafbat/kafka-ui:v1.5.0",
				"78:5 d [dead-image, advice] bitnami/kafka is dead: Bitnami took its public images down in August 2025",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka (other variables: KAFKA_, not KAFKA_CFG_); bitnamilegacy/kafka starts, without fixes",
			},
		},
		{
			name: "an image that Docker does not take", base: zooStack, edits: []string{"\nvolumes:\n  zoo", "  b:\n    image: wurstmeister/zookeeper:3.4.6\n\nvolumes:\n  zoo"},
			want: []string{
				"74:5 b [dead-image] wurstmeister/zookeeper:3.4.6 cannot be pulled: its manifest is of schema 1, which Docker refuses since 26 (wurstmeister/zookeeper-docker#32)",
				"fix: image: confluentinc/cp-zookeeper:7.9.2, or KRaft and no ZooKeeper",
			},
		},
		{
			name: "a later one of the same name", base: zooStack, edits: []string{"\nvolumes:\n  zoo", "  b:\n    image: wurstmeister/zookeeper\n\nvolumes:\n  zoo"},
			want: []string{
				"74:5 b [dead-image, advice] wurstmeister/zookeeper is dead: unmaintained; it holds ZooKeeper 3.4",
				"fix: image: confluentinc/cp-zookeeper:7.9.2, or KRaft and no ZooKeeper",
			},
		},
		{
			name: "a registry of one's own", base: zooStack, edits: []string{"\nvolumes:\n  zoo", "  b:\n    image: localhost:5000/bitnami/kafka:3.7\n  c:\n    image: registry.example.com/team/bitnami/kafka\n\nvolumes:\n  zoo"},
			want: []string{
				"74:5 b [dead-image, advice] localhost:5000/bitnami/kafka:3.7 is dead: Bitnami took its public images down in August 2025",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka (other variables: KAFKA_, not KAFKA_CFG_); bitnamilegacy/kafka starts, without fixes",
				"76:5 c [dead-image, advice] registry.example.com/team/bitnami/kafka is dead: Bitnami took its public images down in August 2025",
				"fix: image: apache/kafka:4.1.1 or confluentinc/cp-kafka (other variables: KAFKA_, not KAFKA_CFG_); bitnamilegacy/kafka starts, without fixes",
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
