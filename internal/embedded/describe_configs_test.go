package embedded_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/embedded"
)

// describedTexts asks for settings of topics, and returns them by topic; no names are all.
func describedTexts(c *client, names []string, topics ...string) []string {
	c.t.Helper()
	req := kmsg.NewPtrDescribeConfigsRequest()
	for _, topic := range topics {
		resource := kmsg.NewDescribeConfigsRequestResource()
		resource.ResourceType, resource.ResourceName, resource.ConfigNames = kmsg.ConfigResourceTypeTopic, topic, names
		req.Resources = append(req.Resources, resource)
	}
	var texts []string
	for _, r := range mustAsk[*kmsg.DescribeConfigsResponse](c, 4, req).Resources {
		text := fmt.Sprintf("%s: error %d", r.ResourceName, r.ErrorCode)
		for _, config := range r.Configs {
			text += fmt.Sprintf(" %s=%s (%s, %s)", config.Name, *config.Value, config.ConfigType, config.Source)
		}
		texts = append(texts, text)
	}
	return texts
}

// probeDescribed describes a setting that kfake has no default of.
func probeDescribed(c *client) string {
	createTopic(c, 7)
	return cmp.Diff([]string{"t7: error 0 flush.ms=9223372036854775807 (LONG, DEFAULT_CONFIG)"}, describedTexts(c, []string{"flush.ms"}, "t7"))
}

// A client gets the settings that it asks for, of each topic: those that are set, those that kfake has
// defaults of and those that it has not. kafka-python changes none that is not described.
func TestDescribeConfigs(t *testing.T) {
	t.Parallel()
	c := dial(t, start(t, embedded.Config{Brokers: 1}).Addrs()[0])
	createTopic(c, 7, "flush.ms", "retention.ms")
	createTopic(c, 6)

	names := []string{"retention.ms", "preallocate", "flush.ms", "nope"}
	want := []string{
		"t7: error 0 flush.ms=1000 (LONG, DYNAMIC_TOPIC_CONFIG) preallocate=false (BOOLEAN, DEFAULT_CONFIG) retention.ms=1000 (LONG, DYNAMIC_TOPIC_CONFIG)",
		"none: error 3",
		"t6: error 0 flush.ms=9223372036854775807 (LONG, DEFAULT_CONFIG) preallocate=false (BOOLEAN, DEFAULT_CONFIG) retention.ms=604800000 (LONG, DEFAULT_CONFIG)",
	}
	if diff := cmp.Diff(want, describedTexts(c, names, "t7", "none", "t6")); diff != "" {
		t.Errorf("by name (-want +got):\n%s", diff)
	}
	for _, text := range describedTexts(c, nil, "t7", "t6") {
		if n := strings.Count(text, "="); n != 33 {
			t.Errorf("all: %d settings: %s", n, text)
		}
	}
	if diff := cmp.Diff([]string{"t6: error 0"}, describedTexts(c, []string{}, "t6")); diff != "" {
		t.Errorf("none (-want +got):\n%s", diff)
	}
}
