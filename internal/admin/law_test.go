package admin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/topicspec"
)

// lawWorld is a cluster with topics of random shapes, some with records, and a spec that wants them otherwise.
type lawWorld struct {
	*rand.Rand
	seed    uint64
	topics  map[string]lawTopic
	desired []topicspec.Desired
}

type lawTopic struct {
	used   bool
	policy string
	limits map[string]int64
}

const longest = int64(1) << 62

// limitOf is a retention as a number that is lower the more is removed.
func limitOf(text string) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		return n
	}
	return longest
}

func newLawWorld(ctx context.Context, t *testing.T, c *Client, seed uint64) *lawWorld {
	t.Helper()
	w := &lawWorld{Rand: rand.New(rand.NewPCG(seed, 7)), seed: seed, topics: make(map[string]lawTopic)}
	for i := range 4 {
		d := w.desiredTopic(fmt.Sprintf("t%d-%d", seed, i))
		w.desired = append(w.desired, d)
		if w.IntN(5) == 0 {
			continue // it does not exist
		}
		topic := lawTopic{w.IntN(3) > 0, w.policy(), map[string]int64{"retention.ms": 604800000, "retention.bytes": longest}}
		config := map[string]*string{"cleanup.policy": &topic.policy}
		for _, key := range []string{"retention.ms", "retention.bytes"} {
			if value := w.limit(); w.IntN(2) == 0 {
				config[key], topic.limits[key] = &value, limitOf(value)
			}
		}
		if _, err := c.kafka.Adm.CreateTopic(ctx, int32(1+w.IntN(3)), int16(1+w.IntN(3)), config, d.Name); err != nil {
			t.Fatal(err)
		}
		if topic.used {
			produced(t, c, d.Name)
		}
		w.topics[d.Name] = topic
	}
	return w
}

func (w *lawWorld) policy() string {
	return []string{"delete", "compact", "compact,delete"}[w.IntN(3)]
}
func (w *lawWorld) limit() string { return []string{"-1", "1", "1000", "604800000"}[w.IntN(4)] }

func (w *lawWorld) desiredTopic(name string) topicspec.Desired {
	if w.IntN(6) == 0 {
		return topicspec.Desired{Name: name, Absent: true}
	}
	d := topicspec.Desired{Name: name, Partitions: 1 + w.IntN(4), ReplicationFactor: 1 + w.IntN(3), Config: topicspec.Config{}}
	for _, key := range []string{"retention.ms", "retention.bytes", "cleanup.policy", "segment.ms", minInSyncReplicas} {
		value := w.limit()
		switch {
		case w.IntN(3) == 0:
			continue
		case key == minInSyncReplicas:
			value = strconv.Itoa(1 + w.IntN(d.ReplicationFactor))
		case key == "cleanup.policy":
			value = w.policy()
		case key == "segment.ms":
			value = "3600000"
		}
		d.Config[key] = topicspec.Setting{Value: value, Unset: w.IntN(4) == 0}
		if d.Config[key].Unset {
			d.Config[key] = topicspec.Setting{Unset: true}
		}
	}
	return d
}

// broken returns how a request breaks the law, "" when it does not.
func (w *lawWorld) broken(req kmsg.Request) string {
	switch r := req.(type) {
	case *kmsg.DeleteTopicsRequest:
		return "deletes topics"
	case *kmsg.DeleteRecordsRequest:
		return "deletes records"
	case *kmsg.AlterPartitionAssignmentsRequest:
		for _, topic := range r.Topics {
			if w.topics[topic.Topic].used {
				return "reassigns " + topic.Topic
			}
		}
	case *kmsg.CreatePartitionsRequest:
		for _, topic := range r.Topics {
			if at := w.topics[topic.Topic]; at.used && strings.Contains(at.policy, "compact") {
				return "grows " + topic.Topic
			}
		}
	case *kmsg.IncrementalAlterConfigsRequest:
		for _, resource := range r.Resources {
			for _, config := range resource.Configs {
				at := w.topics[resource.ResourceName]
				if config.Name == "cleanup.policy" {
					defer w.note(resource.ResourceName, config)
				}
				if at.used && at.trimmedBy(config) {
					return fmt.Sprintf("sets %s of %s to %s", config.Name, resource.ResourceName, *cmp.Or(config.Value, new("nothing")))
				}
			}
		}
	}
	return ""
}

// note notes the cleanup.policy that a topic gets.
func (w *lawWorld) note(name string, config kmsg.IncrementalAlterConfigsRequestResourceConfig) {
	if at, known := w.topics[name]; known {
		at.policy = *cmp.Or(config.Value, new("delete")) // which is the default
		w.topics[name] = at
	}
}

// trimmedBy reports whether a setting removes records of a topic with that retention.
func (l lawTopic) trimmedBy(config kmsg.IncrementalAlterConfigsRequestResourceConfig) bool {
	value := cmp.Or(config.Value, new(""))
	switch config.Name {
	case "retention.ms", "retention.bytes":
		lower := config.Op == kmsg.IncrementalAlterConfigOpDelete || limitOf(*value) < l.limits[config.Name]
		return lower && strings.Contains(l.policy, "delete")
	case "cleanup.policy":
		return config.Op == kmsg.IncrementalAlterConfigOpDelete && l.policy != "delete" ||
			slices.ContainsFunc(strings.Split(*value, ","), func(policy string) bool { return policy != "" && !strings.Contains(l.policy, policy) })
	default:
		return false
	}
}

// noAnswer is an examiner that finds nothing out, or fails.
type noAnswer struct{ err error }

func (n noAnswer) Examine(_ context.Context, changes []topicspec.Change) ([]*topicspec.Evidence, error) {
	found := make([]*topicspec.Evidence, len(changes))
	for i := range changes {
		if i%2 == 0 {
			found[i] = &topicspec.Evidence{Unknown: []string{"all of it"}}
		}
	}
	return found, n.err
}

// The law: whatever the cluster is like and the file says, a client whose user accepts nothing never copies, deletes,
// trims or re-keys records, by whichever way it comes to its plan.
func TestLawWithoutConsent(t *testing.T) {
	t.Parallel()
	ctx, cluster, plain := dialFake(t, kfake.NumBrokers(3))
	all := plain.WithConsent(topicspec.Consent{Move: true, Rekey: true, Trim: true, Deletes: 9})
	var (
		mu     sync.Mutex
		world  *lawWorld
		broken []string
		writes int
	)
	look := func(req kmsg.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if writes++; world != nil {
			if what := world.broken(req); what != "" {
				broken = append(broken, what)
			}
		}
		return true
	}
	cluster.Fault(kfake.Fault{Count: -1, Observe: true, When: func(req kmsg.Request) bool {
		return (req.Key() == kmsg.DeleteRecords.Int16() || kafkatest.ChangesTopics(req)) && look(req)
	}})
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.AlterPartitionAssignments}, Count: -1, When: look, Err: kerr.InvalidReplicaAssignment}) // a fake makes none
	for seed := range uint64(24) {
		made := newLawWorld(ctx, t, plain, seed)
		c := plain
		if seed%3 > 0 {
			c = plain.WithExaminer(noAnswer{map[bool]error{true: errors.New("not known")}[seed%3 == 2]})
		}
		mu.Lock()
		world, broken = made, nil
		mu.Unlock()
		made.applyAll(ctx, t, c, all)
		mu.Lock()
		if world = nil; len(broken) > 0 {
			t.Errorf("seed %d: %v\nfound %+v\ndesired %+v", seed, broken, made.topics, made.desired)
		}
		mu.Unlock()
	}
	if writes < 24 {
		t.Errorf("only %d writes: the plans had nothing to make", writes)
	}
}

// applyAll carries out what the world wants in every way there is.
func (w *lawWorld) applyAll(ctx context.Context, t *testing.T, c, all *Client) {
	t.Helper()
	if accepted, err := all.Plan(ctx, w.desired); err != nil {
		t.Fatal(err)
	} else {
		c.Apply(ctx, accepted.Plan) // which somebody else accepted
	}
	observed, err := c.Observe(ctx, topicspec.Names(w.desired))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range topicspec.Present(w.desired) {
		c.Apply(ctx, c.PlanObserved(ctx, []topicspec.Desired{d}, observed))
	}
	planned, err := c.Plan(ctx, w.desired)
	if err != nil { // the examiner failed
		return
	}
	reviewed := topicspec.Reviewed{Plan: planned.Plan, Desired: w.desired, Seen: planned.Seen}
	now, err := c.PlanReviewed(ctx, reviewed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.ConvergeReviewed(ctx, reviewed, now); err != nil {
		t.Fatalf("seed %d: %v", w.seed, err)
	}
	if planned, err = c.Plan(ctx, w.desired); err != nil {
		t.Fatal(err)
	}
	if _, err := c.ConvergeFrom(ctx, w.desired, planned); err != nil {
		t.Fatalf("seed %d: %v", w.seed, err)
	}
}
