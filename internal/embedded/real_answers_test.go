package embedded_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/embedded"
	"kafkactl/internal/kafkatest"
)

var update = flag.Bool("update", false, "write testdata from what a real broker answers")

const answersFile = "testdata/answers.txt"

// The answers of a real Kafka, as TestRealAnswers writes them, are those of the embedded one.
func TestAnswers(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	cluster, err := embedded.Start(t.Context(), embedded.Config{Brokers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	if diff := cmp.Diff(string(want), answersOf(t, cluster.Addrs(), judgedSteps(0))); diff != "" {
		t.Errorf("(-Kafka 4.3 +embedded):\n%s", diff)
	}
}

// A real Kafka still answers so.
func TestRealAnswers(t *testing.T) {
	kafkatest.Require(t, kafkatest.Brokers)
	cluster := kafkatest.Start(t, kafkatest.Options{Flavour: kafkatest.Kraft1})
	got := answersOf(t, cluster.Addrs(), judgedSteps(int32(cluster.BrokerIDs()[0])))
	if *update {
		if err := os.WriteFile(answersFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-before +now):\n%s", diff)
	}
}
