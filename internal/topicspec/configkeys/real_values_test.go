package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// candidate is one topic's settings as they stand in a file, and what is said of them.
type candidate struct {
	config  map[string]string
	sent    map[string]string // as apply sends it; nil when the file is refused
	problem string            // why the file is refused
	refused map[string]string // why a line of Kafka refuses it, by line, as the warnings have it
	answers map[string]answer // of real brokers, by line
}

// answer is a broker's: why it refuses the settings of a new topic as written and as sent, and those
// as written as changes of a topic; "" when it takes them.
type answer struct{ written, sent, altered string }

// Every value that the file's rules take is taken by some real broker, and every value that a real
// broker takes is taken by the rules; where only one takes it there is a warning of the other.
func TestRealValues(t *testing.T) {
	kafkatest.Require(t, kafkatest.Brokers)
	flavours := map[string]kafkatest.Flavour{"3.9": kafkatest.ZK1, "4.3": kafkatest.Kraft1}
	var candidates []*candidate
	var releases []release
	for _, line := range slices.Sorted(maps.Keys(flavours)) {
		r, err := readRelease(t.Context(), flavours[line])
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, r)
		candidates = addCandidates(candidates, r)
	}
	for _, config := range crossedConfigs() {
		candidates = append(candidates, &candidate{config: config})
	}
	for _, c := range candidates {
		c.judge(t)
	}
	for _, r := range releases {
		askAll(t, r, flavours[r.line], candidates)
	}
	askEmbedded(t, candidates)
	counts := map[string]int{}
	for _, c := range candidates {
		counts[c.compare(t)]++
	}
	t.Logf("%d values of %d settings: %v", len(candidates), len(topicspec.ConfigNames()), counts)
}

// addCandidates adds the values of a release's settings that are not there yet, of those that a file
// can declare.
func addCandidates(all []*candidate, r release) []*candidate {
	for _, d := range r.topics {
		if !slices.Contains(topicspec.ConfigNames(), d.name) {
			continue
		}
		for _, value := range valuesOf(d) {
			config := map[string]string{d.name: value}
			if !slices.ContainsFunc(all, func(c *candidate) bool { return maps.Equal(c.config, config) }) {
				all = append(all, &candidate{config: config})
			}
		}
	}
	return all
}

// judge asks the rules of the file.
func (c *candidate) judge(t *testing.T) {
	t.Helper()
	var file strings.Builder
	file.WriteString("version: 1\ntopics:\n  a:\n    config:\n")
	for _, key := range slices.Sorted(maps.Keys(c.config)) {
		fmt.Fprintf(&file, "      %s: %q\n", key, strings.ReplaceAll(c.config[key], "$", "$$"))
	}
	spec, err := topicspec.Parse(strings.NewReader(file.String()), topicspec.Source{File: "f"})
	if err != nil {
		c.problem = err.Error()
		return
	}
	c.refused, c.sent = map[string]string{}, map[string]string{}
	for _, w := range spec.Warnings() {
		c.refused[strings.TrimSuffix(w.RefusedBy, " with ZooKeeper")] += w.Message
	}
	desired, err := spec.Desired("")
	if err != nil {
		t.Fatal(err)
	}
	for key, setting := range desired[0].Config {
		c.sent[key] = setting.Value
	}
}

// askAll starts a cluster and asks it about all candidates.
func askAll(t *testing.T, r release, f kafkatest.Flavour, candidates []*candidate) {
	t.Helper()
	cluster := kafkatest.Start(t, kafkatest.Options{Flavour: f})
	defer cluster.Close() //nolint:errcheck // Start's own clean-up reports it
	client := clientOf(t, cluster.Addrs())
	checkNames(t, client, r)
	ask(t, client, r.line, candidates)
	if r.line == "4.3" {
		askAlters(t, client, r.line, candidates)
	}
}

func clientOf(t *testing.T, addrs []string) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// ask has brokers validate the topics of all candidates, in few requests.
func ask(t *testing.T, client *kgo.Client, line string, candidates []*candidate) {
	t.Helper()
	const several = 200 // topics in a request are many records for the controller
	for part := range slices.Chunk(candidates, several) {
		req := kmsg.NewPtrCreateTopicsRequest()
		req.ValidateOnly, req.TimeoutMillis = true, 30_000
		for i, c := range part {
			req.Topics = append(req.Topics, topicWith(fmt.Sprintf("written-%d", i), c.config))
			if c.sent != nil {
				req.Topics = append(req.Topics, topicWith(fmt.Sprintf("sent-%d", i), c.sent))
			}
		}
		answers := validateOnly(t, client, req)
		for i, c := range part {
			if c.answers == nil {
				c.answers = map[string]answer{}
			}
			c.answers[line] = answer{answers[fmt.Sprintf("written-%d", i)], answers[fmt.Sprintf("sent-%d", i)], ""}
		}
	}
}

func topicWith(name string, config map[string]string) kmsg.CreateTopicsRequestTopic {
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = name, 1, 1
	for _, key := range slices.Sorted(maps.Keys(config)) {
		entry := kmsg.NewCreateTopicsRequestTopicConfig()
		entry.Name, entry.Value = key, kmsg.StringPtr(config[key])
		topic.Configs = append(topic.Configs, entry)
	}
	return topic
}

// validateOnly returns why each topic is refused, "" for those that are not, by name.
func validateOnly(t *testing.T, client *kgo.Client, req *kmsg.CreateTopicsRequest) map[string]string {
	t.Helper()
	resp, err := req.RequestWith(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, topic := range resp.Topics {
		switch err := kerr.ErrorForCode(topic.ErrorCode); {
		case err == nil:
			answers[topic.Topic] = ""
		case topic.ErrorCode == kerr.InvalidConfig.Code && topic.ErrorMessage != nil:
			answers[topic.Topic] = *topic.ErrorMessage
		default:
			t.Fatalf("%s: %v", topic.Topic, err)
		}
	}
	if len(answers) != len(req.Topics) {
		t.Fatalf("%d topics were answered, %d asked", len(answers), len(req.Topics))
	}
	return answers
}

// checkNames holds the settings that a broker describes for a topic against those it documents.
func checkNames(t *testing.T, client *kgo.Client, r release) {
	t.Helper()
	create := kmsg.NewPtrCreateTopicsRequest()
	create.Topics, create.TimeoutMillis = []kmsg.CreateTopicsRequestTopic{topicWith("settings", nil)}, 30_000
	if answers := validateOnly(t, client, create); answers["settings"] != "" {
		t.Fatal(answers)
	}
	req := kmsg.NewPtrDescribeConfigsRequest()
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = kmsg.ConfigResourceTypeTopic, "settings"
	req.Resources = append(req.Resources, resource)
	resp, err := req.RequestWith(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, c := range resp.Resources[0].Configs {
		described = append(described, c.Name)
	}
	slices.Sort(described)
	var known []string
	for _, d := range r.topics {
		known = append(known, d.name)
	}
	slices.Sort(known)
	if diff := cmp.Diff(described, known); diff != "" {
		t.Errorf("Kafka %s (-described +documented):\n%s", r.version, diff)
	}
}

// compare holds the judgement against the brokers' answers, and returns what the value is.
func (c *candidate) compare(t *testing.T) string {
	t.Helper()
	taken := 0
	for line, a := range c.answers {
		if c.problem != "" {
			if a.written == "" {
				t.Errorf("%v is refused, and Kafka %s takes it: %s", c.config, line, c.problem)
			}
			continue
		}
		off := strings.Contains(a.sent, "Tiered Storage functionality is disabled") // a matter of the brokers' set-up
		if a.sent == "" || off {
			taken++
		}
		if warned := c.refused[line] != ""; warned != (a.sent != "") && !off {
			t.Errorf("%v: warning about Kafka %s: %q; its answer: %q", c.config, line, c.refused[line], a.sent)
		}
	}
	switch {
	case c.problem != "":
		return "refused"
	case taken == 0:
		t.Errorf("%v is taken, and no Kafka takes it: %v", c.config, c.answers)
		return "wrong"
	case taken < len(c.answers):
		return "taken by one Kafka"
	default:
		return "taken"
	}
}
