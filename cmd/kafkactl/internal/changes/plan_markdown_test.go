package changes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/topicspec"
)

// What is blocked comes first, with its reason; what a cell may not hold is escaped.
func TestPlanMarkdown(t *testing.T) {
	t.Parallel()
	for _, tt := range markdownPlans() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			PlanMarkdown(&got, tt.plan)
			if diff := cmp.Diff(tt.want, got.String()); diff != "" {
				t.Errorf("markdown (-want +got):\n%s", diff)
			}
		})
	}
}

// markdownPlan is a plan, and how it is shown.
type markdownPlan struct {
	name string
	plan topicspec.Plan
	want string
}

func markdownPlans() []markdownPlan {
	return []markdownPlan{
		{
			name: "in sync",
			plan: topicspec.Plan{ClusterID: "abc", Topics: 11},
			want: "## Kafka topics: in sync\n\n11 topics in sync on cluster `abc`.\n",
		},
		{
			name: "changes alone, on a cluster without an id",
			plan: topicspec.Plan{Topics: 1, Changes: []topicspec.Change{
				{Topic: "logs", Field: "partitions", Action: topicspec.Grow, Before: topicspec.Count(3), After: topicspec.Count(6), Reason: "one key | another_partition"},
			}},
			want: `## Kafka topics: 1 to change

| | Topic | Change | Note |
|---|---|---|---|
| grow | ` + "`logs`" + ` | ` + "`partitions 3 → 6`" + ` | one key \| another\_partition |
`,
		},
		{
			name: "what the plan itself reassigns is not left alone",
			plan: topicspec.Plan{
				Topics:  1,
				Changes: []topicspec.Change{{Topic: "a", Field: topicspec.FieldReplicationFactor, Action: topicspec.Reassign, Before: topicspec.Count(1), After: topicspec.Count(3)}},
				Moving:  []topicspec.Moving{{Topic: "a", Partitions: []int{0}, Adding: []int{2, 3}}},
			},
			want: `## Kafka topics: 1 to change

| | Topic | Change | Note |
|---|---|---|---|
| reassign | ` + "`a`" + ` | ` + "`replicationFactor 1 → 3`" + ` |  |
`,
		},
		{
			name: "all there is",
			plan: topicspec.Plan{
				ClusterID: "abc", Topics: 4,
				Changes: []topicspec.Change{
					{Topic: "new", Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{Partitions: 1, ReplicationFactor: 1, Config: map[string]string{"retention.ms": "3600000"}}},
					{Topic: "old", Field: topicspec.FieldReplicationFactor, Action: topicspec.Blocked, Before: topicspec.Count(1), After: topicspec.Count(3), Reason: "accept it: <--accept move>\nand *more*"},
					{Topic: "old", Field: "follower.replication.throttled.replicas", Action: topicspec.Set, After: topicspec.Text("a|b\\|`c`")},
				},
				Unmanaged: []topicspec.Unmanaged{{Topic: "old", Field: "segment.ms", Value: "3600000"}},
				Moving:    []topicspec.Moving{{Topic: "old", Partitions: []int{0, 1}, Adding: []int{2, 3}}},
			},
			want: `## Kafka topics: 1 to create, 1 blocked; 2 topics in sync

Cluster ` + "`abc`" + `.

### Blocked: apply will not make this

| Topic | Change | Why |
|---|---|---|
| ` + "`old`" + ` | ` + "`replicationFactor 1 → 3`" + ` | accept it: \<--accept move\> and \*more\* |

### What apply will make

| | Topic | Change | Note |
|---|---|---|---|
| create | ` + "`new`" + ` | ` + "`1 partition, replication factor 1, retention.ms=1h`" + ` |  |
| set | ` + "`old`" + ` | ` + "`` follower.replication.throttled.replicas unset → a\\|b\\\\|`c` ``" + ` |  |

### Left alone

- ` + "`old`" + `: ` + "`segment.ms 1h`" + ` is not in the file
- ` + "`old`" + ` is being reassigned (2 partitions): replicas are being added on 2, 3; apply does not wait for that
`,
		},
	}
}
