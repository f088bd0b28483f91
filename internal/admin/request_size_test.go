package admin

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/topicspec"
)

// created is a change that makes a topic with so many partitions and settings.
func created(name string, partitions int, config map[string]string) topicspec.Change {
	shape := topicspec.Shape{Partitions: partitions, ReplicationFactor: 1, Config: config}
	return topicspec.Change{Topic: name, Field: topicspec.FieldTopic, Action: topicspec.Create, After: shape}
}

// grown is a change that raises the partition count of a topic.
func grown(name string, before, after int) topicspec.Change {
	return topicspec.Change{
		Topic: name, Field: topicspec.FieldPartitions, Action: topicspec.Grow, Before: topicspec.Count(before), After: topicspec.Count(after),
	}
}

// set is a change that sets a setting of a topic.
func set(name, key, value string) topicspec.Change {
	return topicspec.Change{Topic: name, Field: key, Action: topicspec.Set, After: topicspec.Text(value)}
}

// The records are those that QuorumController of Kafka 4.3 makes.
func TestRecordsOfChanges(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change topicspec.Change
		want   int
	}{
		{"a topic, its partitions and settings", created("t", 3, map[string]string{"retention.ms": "1", "segment.ms": "1"}), 6},
		{"a count left to the brokers", created("t", -1, nil), 2},
		{"min.insync.replicas also clears the eligible leader replicas", created("t", 1, map[string]string{"min.insync.replicas": "1"}), 4},
		{"growth is what is new", grown("t", 3, 10), 7},
		{"a setting", set("t", "retention.ms", "1"), 1},
		{"a setting that clears", set("t", "min.insync.replicas", "1"), 2},
		{"a setting that is taken back", topicspec.Change{Topic: "t", Field: "retention.ms", Action: topicspec.Unset, Before: topicspec.Text("1")}, 1},
		{"a deletion", topicspec.Change{Topic: "t", Field: topicspec.FieldTopic, Action: topicspec.Delete, Before: topicspec.Shape{Partitions: 9}}, 1},
	} {
		if got := sizeOf(test.change).records; got != test.want {
			t.Errorf("%s: %d records, want %d", test.name, got, test.want)
		}
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	repeat := func(n int, change func(name string) []topicspec.Change) []topicspec.Change {
		var changes []topicspec.Change
		for i := range n {
			changes = append(changes, change(fmt.Sprintf("t%05d", i))...)
		}
		return changes
	}
	three := map[string]string{"retention.ms": "1", "segment.ms": "1", "cleanup.policy": "compact"}
	long := strings.Repeat("1:1,", 100_000)
	for _, test := range []struct {
		name    string
		changes []topicspec.Change
		want    []int // changes of each request
	}{
		{"none", nil, nil},
		{
			"7 records each", repeat(1500, func(name string) []topicspec.Change { return []topicspec.Change{created(name, 3, three)} }),
			[]int{1428, 72},
		},
		{
			"just the limit", repeat(2, func(name string) []topicspec.Change { return []topicspec.Change{created(name, 4999, nil)} }),
			[]int{2},
		},
		{
			"one above the limit alone", append([]topicspec.Change{created("a", 1, nil), created("b", 12_000, nil)}, created("c", 1, nil)),
			[]int{1, 1, 1},
		},
		{
			"growth", repeat(3, func(name string) []topicspec.Change { return []topicspec.Change{grown(name, 1, 6001)} }),
			[]int{1, 1, 1},
		},
		{
			"the settings of a topic stay together", repeat(4000, func(name string) []topicspec.Change {
				return []topicspec.Change{set(name, "cleanup.policy", "compact"), set(name, "retention.ms", "1"), set(name, "segment.ms", "1")}
			}),
			[]int{9999, 2001},
		},
		{
			"long values", repeat(5, func(name string) []topicspec.Change {
				return []topicspec.Change{set(name, "leader.replication.throttled.replicas", long)}
			}),
			[]int{2, 2, 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []int
			var all []topicspec.Change
			for _, request := range requests(test.changes) {
				got = append(got, len(request))
				all = append(all, request...)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.changes, all); diff != "" {
				t.Errorf("changes were lost (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHalves(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ topics, want string }{
		{"abcd", "ab cd"},
		{"aaab", "aaa b"},
		{"abbb", "a bbb"},
		{"ab", "a b"},
		{"aaa", ""},
		{"a", ""},
	} {
		var changes []topicspec.Change
		for _, name := range test.topics {
			changes = append(changes, set(string(name), "retention.ms", "1"))
		}
		got := ""
		if first, second, ok := halves(changes); ok {
			got = test.topics[:len(first)] + " " + test.topics[len(test.topics)-len(second):]
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.topics, got, test.want)
		}
	}
}
