package topicspec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// atWork is a topic as brokers describe it: every setting has a value, and own are those that it sets itself.
func atWork(replicas []int, own map[string]string) Observed {
	o := Observed{Replicas: replicas, Config: map[string]ObservedSetting{
		minInSyncReplicas:                {Value: "1"},
		cleanupPolicy:                    {Value: "delete"},
		"retention.ms":                   {Value: "604800000"},
		"retention.bytes":                {Value: "-1"},
		"unclean.leader.election.enable": {Value: "false"},
	}}
	for key, value := range own {
		o.Config[key] = ObservedSetting{Value: value, Override: true}
	}
	return o
}

// The topics that are there are judged by the rules of a file, with what is in force: topics of which the same is
// true share one line.
func TestAdvice(t *testing.T) {
	t.Parallel()
	two := map[string]string{minInSyncReplicas: "2"}
	for _, tt := range []struct {
		name    string
		cluster Cluster
		want    []Advice
	}{
		{name: "no topic", cluster: Cluster{Brokers: 3}},
		{
			name:    "one broker holds one replica",
			cluster: Cluster{Brokers: 1, Topics: map[string]Observed{"a": atWork([]int{1, 1}, nil), "__consumer_offsets": atWork([]int{1}, nil)}},
		},
		{
			name:    "three replicas, two in sync",
			cluster: Cluster{Brokers: 3, Topics: map[string]Observed{"a": atWork([]int{3, 3}, two), "__consumer_offsets": atWork([]int{3}, nil)}},
		},
		{
			name: "fewer replicas than the brokers, or other topics, have",
			cluster: Cluster{Brokers: 3, Topics: map[string]Observed{
				"b": atWork([]int{1}, nil), "a": atWork([]int{3, 1}, nil), "__transaction_state": atWork([]int{1}, map[string]string{minInSyncReplicas: "1"}),
			}},
			want: []Advice{
				{Rule: RuleFewReplicas, Topics: []string{"a", "b"}, Text: "replicationFactor 1, and 3 brokers could hold 3: fewer brokers can stop before its records are away"},
				{Rule: RuleFewReplicas, Topics: []string{"__transaction_state"}, Text: "replicationFactor 1, and 3 brokers could hold 3: fewer brokers can stop before the state of transactions is away"},
			},
		},
		{
			name:    "other topics have three, on brokers that are away",
			cluster: Cluster{Brokers: 2, Topics: map[string]Observed{"a": atWork([]int{3}, two), "b": atWork([]int{2}, nil)}},
			want: []Advice{
				{Rule: RuleFewReplicas, Topics: []string{"b"}, Text: "replicationFactor 2, and other topics have 3: fewer brokers can stop before its records are away"},
			},
		},
		{
			name:    "two brokers: Kafka's own topics could have two, and other topics need not",
			cluster: Cluster{Brokers: 2, Topics: map[string]Observed{"a": atWork([]int{1}, nil), "__consumer_offsets": atWork([]int{1}, nil)}},
			want: []Advice{
				{Rule: RuleFewReplicas, Topics: []string{"__consumer_offsets"}, Text: "replicationFactor 1, and 2 brokers could hold 2: fewer brokers can stop before what groups have committed is away"},
			},
		},
		{
			name: "settings, the brokers' own included",
			cluster: Cluster{Brokers: 3, Topics: map[string]Observed{
				"loose":   atWork([]int{3}, nil),
				"strict":  atWork([]int{3}, map[string]string{minInSyncReplicas: "3"}),
				"above":   atWork([]int{3}, map[string]string{minInSyncReplicas: "4"}),
				"unclean": atWork([]int{3}, map[string]string{minInSyncReplicas: "2", "unclean.leader.election.enable": "true"}),
				// The brokers' retention is nobody's wish; the topic's own is.
				"compact":  atWork([]int{3}, map[string]string{minInSyncReplicas: "2", cleanupPolicy: "compact"}),
				"retained": atWork([]int{3}, map[string]string{minInSyncReplicas: "2", cleanupPolicy: "compact", "retention.ms": "1"}),
			}},
			want: []Advice{
				{Rule: RuleEveryReplica, Topics: []string{"strict"}, Text: "min.insync.replicas is as high as replicationFactor 3: one broker that stops, stops writes with acks=all"},
				{Rule: RuleOneReplica, Topics: []string{"loose"}, Text: "min.insync.replicas 1 with replicationFactor 3: a record that only one broker has counts as written"},
				{Rule: RuleUnclean, Topics: []string{"unclean"}, Text: "unclean.leader.election.enable is on: a replica that lacks records may become the leader, and they are lost"},
				{Rule: RuleNoRetention, Topics: []string{"retained"}, Text: "retention.ms has no effect with cleanup.policy compact: write compact,delete for both"},
				{Rule: RuleAboveReplicas, Topics: []string{"above"}, Text: "min.insync.replicas 4 is more than replicationFactor 3: it protects nothing more, and stops writes with acks=all while replicas are added"},
			},
		},
		{
			name: "settings that may not be read say nothing; replicas that a reassignment leaves do",
			cluster: Cluster{Brokers: 3, Topics: map[string]Observed{
				"hidden": {Replicas: []int{3}},
				"few":    {Replicas: []int{2}, Moves: map[int]Move{0: {Adding: []int{2}}}},
			}},
			want: []Advice{
				{Rule: RuleFewReplicas, Topics: []string{"few"}, Text: "replicationFactor 2, and other topics have 3: fewer brokers can stop before its records are away"},
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.cluster.Advice()); diff != "" {
				t.Errorf("advice (-want +got):\n%s", diff)
			}
		})
	}
}

// A group with more members than its topics have partitions has some that never get a record.
func TestAdviceOnGroups(t *testing.T) {
	t.Parallel()
	cluster := Cluster{
		Brokers: 1,
		Topics:  map[string]Observed{"a": atWork([]int{1, 1}, nil), "b": atWork([]int{1, 1, 1}, nil)},
		Groups: []GroupMembers{
			{Group: "z", Members: 3, Idle: 1, Topics: []string{"a"}},
			{Group: "more \n", Members: 5, Idle: 2, Topics: []string{"a", "b"}},
			{Group: "as many", Members: 2, Topics: []string{"a"}},
			{Group: "its member waits for another topic", Members: 2, Idle: 1, Topics: []string{"b"}},
			{Group: "of a topic that is not seen", Members: 9, Idle: 3, Topics: []string{"a", "unseen"}},
			{Group: "reads nothing", Members: 2, Idle: 2},
		},
	}
	want := []Advice{
		{Rule: RuleIdleMembers, Topics: []string{"a", "b"}, Group: "more \n", Text: `group "more \n" has 5 members, and none of its topics more than 3 partitions: 2 members get no records`},
		{Rule: RuleIdleMembers, Topics: []string{"a"}, Group: "z", Text: `group "z" has 3 members, and its topic 2 partitions: 1 member gets no records`},
	}
	if diff := cmp.Diff(want, cluster.Advice()); diff != "" {
		t.Errorf("advice (-want +got):\n%s", diff)
	}
}

// What health says of topics that were made from a file, validate says of the file.
func TestAdviceIsThatOfTheFile(t *testing.T) {
	t.Parallel()
	desired := []Desired{
		{Name: "a", Partitions: 1, ReplicationFactor: 3, Config: Config{minInSyncReplicas: {Value: "3"}}},
		{Name: "b", Partitions: 1, ReplicationFactor: 2, Config: Config{minInSyncReplicas: {Value: "1"}, cleanupPolicy: {Value: "compact"}, "retention.bytes": {Value: "1024"}}},
		{Name: "c", Partitions: 1, ReplicationFactor: 3, Config: Config{minInSyncReplicas: {Value: "1"}, "unclean.leader.election.enable": {Value: "true"}}},
	}
	var ofFile []string
	topics := make(map[string]Observed)
	for _, r := range durabilityRules(extent{factor: 3}) {
		for _, d := range desired {
			if doubt := r.doubt(d); doubt != "" {
				ofFile = append(ofFile, d.Name+": "+doubt)
			}
		}
	}
	for _, d := range desired {
		own := make(map[string]string)
		for key, setting := range d.Config {
			own[key] = setting.Value
		}
		topics[d.Name] = atWork([]int{d.ReplicationFactor}, own)
	}
	var ofCluster []string
	for _, a := range (Cluster{Topics: topics}).Advice() {
		for _, topic := range a.Topics {
			ofCluster = append(ofCluster, topic+": "+a.Text)
		}
	}
	if diff := cmp.Diff(ofFile, ofCluster); diff != "" || len(ofFile) != 5 {
		t.Errorf("%d of the file; advice (-file +cluster):\n%s", len(ofFile), diff)
	}
}
