package main

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/embedded"
)

// embeddedLine is the embedded Kafka among the lines of Kafka that answer.
const embeddedLine = "embedded"

// wordsDiffer are the settings, as fmt prints them, that the embedded Kafka refuses as Kafka 4.3 does
// and in other words, each with its reason.
func wordsDiffer() map[string]string {
	return map[string]string{
		"map[max.compaction.lag.ms:1h min.compaction.lag.ms:2d]": "of two bad values Kafka names the one that its code defines first, and the embedded Kafka the first by name",
	}
}

// askEmbedded holds the embedded Kafka's answers against those of Kafka 4.3, which it is to give
// word for word, and takes them out of the candidates again.
func askEmbedded(t *testing.T, candidates []*candidate) {
	t.Helper()
	cluster, err := embedded.Start(t.Context(), embedded.Config{Brokers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	client := clientOf(t, cluster.Addrs())
	ask(t, client, embeddedLine, candidates)
	askAlters(t, client, embeddedLine, candidates)
	agreed, differing := 0, wordsDiffer()
	for _, c := range candidates {
		kafka, ours := c.answers["4.3"], c.answers[embeddedLine]
		delete(c.answers, embeddedLine)
		reason := differing[fmt.Sprint(c.config)]
		switch {
		case kafka == ours:
			agreed++
		case reason != "" && kafka.verdicts() == ours.verdicts():
			t.Logf("exception %v: %s:\nKafka 4.3 %q\nembedded  %q", c.config, reason, kafka, ours)
		default:
			t.Errorf("%v:\nKafka 4.3 %q\nembedded  %q", c.config, kafka, ours)
		}
	}
	t.Logf("the embedded Kafka and Kafka 4.3 agree about %d of %d values word for word, for new topics and for changes", agreed, len(candidates))
}

// verdicts are the answers without their words.
func (a answer) verdicts() [3]bool { return [3]bool{a.written == "", a.sent == "", a.altered == ""} }

// askAlters has a broker validate all candidates as changes of a topic's settings, each of a topic of
// its own: a request has a topic once.
func askAlters(t *testing.T, client *kgo.Client, line string, candidates []*candidate) {
	t.Helper()
	const several = 200
	create := kmsg.NewPtrCreateTopicsRequest()
	create.TimeoutMillis = 30_000
	for i := range several {
		create.Topics = append(create.Topics, topicWith(fmt.Sprintf("alter-%d", i), nil))
	}
	validateOnly(t, client, create)
	for part := range slices.Chunk(candidates, several) {
		req := kmsg.NewPtrIncrementalAlterConfigsRequest()
		req.ValidateOnly = true
		for i, c := range part {
			req.Resources = append(req.Resources, changeOf(fmt.Sprintf("alter-%d", i), c.config))
		}
		resp, err := req.RequestWith(t.Context(), client)
		if err != nil {
			t.Fatal(err)
		}
		answers := map[string]string{}
		for _, r := range resp.Resources {
			switch err := kerr.ErrorForCode(r.ErrorCode); {
			case err == nil:
			case r.ErrorCode == kerr.InvalidConfig.Code && r.ErrorMessage != nil:
				answers[r.ResourceName] = *r.ErrorMessage
			default:
				t.Fatalf("%s: %v", r.ResourceName, err)
			}
		}
		for i, c := range part {
			a := c.answers[line]
			a.altered = answers[fmt.Sprintf("alter-%d", i)]
			c.answers[line] = a
		}
	}
}

func changeOf(name string, config map[string]string) kmsg.IncrementalAlterConfigsRequestResource {
	r := kmsg.NewIncrementalAlterConfigsRequestResource()
	r.ResourceType, r.ResourceName = kmsg.ConfigResourceTypeTopic, name
	for _, key := range slices.Sorted(maps.Keys(config)) {
		entry := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		entry.Name, entry.Value = key, kmsg.StringPtr(config[key])
		r.Configs = append(r.Configs, entry)
	}
	return r
}
