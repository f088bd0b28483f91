package embedded

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// metadataOf asks for topics as a client that wants them does, or one that checks.
func metadataOf(wanted bool, topics ...string) *kmsg.MetadataRequest {
	req := kmsg.NewPtrMetadataRequest()
	req.Version, req.AllowAutoTopicCreation, req.Topics = 12, wanted, []kmsg.MetadataRequestTopic{}
	for _, topic := range topics {
		req.Topics = append(req.Topics, kmsg.MetadataRequestTopic{Topic: &topic})
	}
	return req
}

func TestAskedTopics(t *testing.T) {
	t.Parallel()
	type question struct {
		client string
		req    kmsg.Request
	}
	old := metadataOf(false, "a")
	old.Version = 3
	all := kmsg.NewPtrMetadataRequest()
	all.Version = 12
	byID := metadataOf(true, "a")
	byID.Topics[0].TopicID = [16]byte{1}
	described := &kmsg.DescribeTopicPartitionsRequest{Topics: []kmsg.DescribeTopicPartitionsRequestTopic{{Topic: "a"}}}
	for _, test := range []struct {
		name  string
		asked []question
		exist string // the topics that are there a second later
		want  []AskedTopic
	}{
		{"wanted", []question{{"app", metadataOf(true, "a")}}, "", []AskedTopic{{Topic: "a", Client: "app"}}},
		{"by name order", []question{{"", metadataOf(true, "b", "a")}}, "", []AskedTopic{{Topic: "a"}, {Topic: "b"}}},
		{"there", []question{{"app", metadataOf(true, "a", "b")}}, "a", []AskedTopic{{Topic: "b", Client: "app"}}},
		{"checked once", []question{{"app", metadataOf(false, "a")}}, "", nil},
		{"described once", []question{{"app", described}}, "", nil},
		{"checked twice", []question{{"app", metadataOf(false, "a")}, {"app", metadataOf(false, "a")}}, "", []AskedTopic{{Topic: "a", Client: "app"}}},
		{"checked, created", []question{{"app", metadataOf(false, "a")}, {"app", metadataOf(false, "a")}}, "a", nil},
		{"checked, wanted by another", []question{{"admin", metadataOf(false, "a")}, {"app", metadataOf(true, "a")}}, "", []AskedTopic{{Topic: "a", Client: "app"}}},
		{"wanted by two", []question{{"one", metadataOf(true, "a")}, {"two", metadataOf(true, "a")}}, "", []AskedTopic{{Topic: "a", Client: "one"}}},
		{"before auto-creation was asked for", []question{{"app", old}}, "", []AskedTopic{{Topic: "a", Client: "app"}}},
		{"subscribed, KIP-848", []question{{"app", &kmsg.ConsumerGroupHeartbeatRequest{SubscribedTopicNames: []string{"a"}}}}, "", []AskedTopic{{Topic: "a", Client: "app"}}},
		{"subscribed, share group", []question{{"app", &kmsg.ShareGroupHeartbeatRequest{SubscribedTopicNames: []string{"a"}}}}, "", []AskedTopic{{Topic: "a", Client: "app"}}},
		{"all topics", []question{{"app", all}, {"app", all}}, "", nil},
		{"topic ids", []question{{"app", byID}}, "", nil},
		{"kafkactl", []question{{"kafkactl", metadataOf(true, "a")}}, "", nil},
		{"Kafka's own", []question{{"app", metadataOf(true, "__consumer_offsets", "__transaction_state", "__share_group_state")}}, "", nil},
		{"too long", []question{{"app", metadataOf(true, strings.Repeat("a", 250))}}, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newAskedTopics()
			for _, q := range test.asked {
				a.request(q.client, q.req)
			}
			exists := func(topic string) bool { return topic == test.exist }
			if early := a.due(time.Now(), exists); early != nil {
				t.Errorf("at once: %v", early)
			}
			if diff := cmp.Diff(test.want, a.due(time.Now().Add(time.Second), exists)); diff != "" {
				t.Errorf("after a second (-want +got):\n%s", diff)
			}
		})
	}
}

// A topic is told of once, also when it was made and deleted meanwhile; a check counts for half
// a minute.
func TestAskedTopicsOnce(t *testing.T) {
	t.Parallel()
	a, start := newAskedTopics(), time.Now()
	missing := func(string) bool { return false }
	at := func(d time.Duration) []AskedTopic { return a.due(start.Add(d), missing) }
	for _, step := range []struct {
		name string
		ask  *kmsg.MetadataRequest
		at   time.Duration
		want []AskedTopic
	}{
		{"first", metadataOf(true, "a"), 2 * time.Second, []AskedTopic{{Topic: "a"}}},
		{"again", metadataOf(true, "a"), 4 * time.Second, nil},
		{"another", metadataOf(true, "a", "b"), 6 * time.Second, []AskedTopic{{Topic: "b"}}},
		{"check", metadataOf(false, "c"), 8 * time.Second, nil},
		{"second check", metadataOf(false, "c"), 20 * time.Second, []AskedTopic{{Topic: "c"}}},
		{"lone check", metadataOf(false, "d"), 60 * time.Second, nil},
		{"much later", metadataOf(false, "d"), 62 * time.Second, nil},
	} {
		a.request("", step.ask)
		if diff := cmp.Diff(step.want, at(step.at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

// What ends within the second is told of at the end.
func TestAskedTopicsRest(t *testing.T) {
	t.Parallel()
	a := newAskedTopics()
	a.request("app", metadataOf(true, "a", "there"))
	a.request("app", metadataOf(false, "checked"))
	want := []AskedTopic{{Topic: "a", Client: "app"}}
	if diff := cmp.Diff(want, a.rest(func(topic string) bool { return topic == "there" })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A client may ask for any number of names: what is told and what is remembered has a bound.
func TestAskedTopicsBounded(t *testing.T) {
	t.Parallel()
	a := newAskedTopics()
	for i := range 100_000 {
		a.request("app", metadataOf(true, fmt.Sprintf("topic-%06d", i)))
	}
	if got := len(a.asked); got != mostAsked {
		t.Errorf("%d topics remembered, want %d", got, mostAsked)
	}
	missing := func(string) bool { return false }
	got := a.due(time.Now().Add(time.Minute), missing)
	if len(got) != mostNoted || !got[mostNoted-1].Last || got[mostNoted-2].Last {
		t.Errorf("%d topics told of, want %d, and alone the last with Last", len(got), mostNoted)
	}
	a.request("app", metadataOf(true, "one more"))
	if len(a.asked) > 0 || a.due(time.Now().Add(time.Minute), missing) != nil {
		t.Error("a topic beyond the bound is remembered")
	}
}
