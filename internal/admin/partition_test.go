package admin

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// partitionCase is a partition, and all that follows from the one rule of whether it is well: what
// describe shows, what list and describe cluster count, what the ladder and settle hold against it.
type partitionCase struct {
	name      string
	partition Partition
	want      judgement
}

type judgement struct {
	Issues  []IssueKind
	Healthy bool
	Worst   IssueKind // to the ladder
	Text    string
}

func well(text string) judgement { return judgement{nil, true, "", text} }

func checkPartitions(t *testing.T, cases []partitionCase) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := test.partition
			got := judgement{p.Issues(), p.Healthy(), p.worst(), p.replicasText()}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A minimum above the replicas there are: see [Partition.Needed].
func TestPartitionMinISRAbove(t *testing.T) {
	t.Parallel()
	three := []int{1, 2, 3}
	checkPartitions(t, []partitionCase{
		{ // the broker takes the smaller of the two
			"more wanted than there are",
			Partition{Leader: 1, Replicas: three, ISR: three, MinISR: 4},
			judgement{nil, true, "", "3 of 3 replicas in sync (1, 2, 3), min.insync.replicas 4"},
		},
		{
			"more wanted than there are, and one behind",
			Partition{Leader: 1, Replicas: three, ISR: []int{1, 2}, MinISR: 4},
			judgement{[]IssueKind{UnderMinISR, UnderReplicated}, false, UnderMinISR, "2 of 3 replicas in sync (1, 2), min.insync.replicas 4"},
		},
		{ // replicas that are being added are not missed, but count for the minimum
			"more are being added",
			Partition{Leader: 1, Replicas: three, ISR: []int{1}, Adding: []int{2, 3}, MinISR: 2},
			judgement{[]IssueKind{UnderMinISR}, false, UnderMinISR, "1 of 1 replicas in sync (1), min.insync.replicas 2"},
		},
	})
}

func TestPartitionIssues(t *testing.T) {
	t.Parallel()
	three := []int{1, 2, 3}
	checkPartitions(t, []partitionCase{
		{
			"all in sync",
			Partition{Leader: 1, Replicas: three, ISR: []int{3, 1, 2}, MinISR: 2},
			well("3 of 3 replicas in sync (1, 2, 3), min.insync.replicas 2"),
		},
		{
			"as many replicas as must be in sync",
			Partition{Leader: 1, Replicas: three, ISR: three, MinISR: 3},
			well("3 of 3 replicas in sync (1, 2, 3), min.insync.replicas 3"),
		},
		{
			"led by another",
			Partition{Leader: 2, Replicas: []int{1, 2}, ISR: []int{1, 2}, MinISR: 1},
			judgement{[]IssueKind{NotPreferred}, true, "", "2 of 2 replicas in sync (1, 2), min.insync.replicas 1"},
		},
		{
			"one behind",
			Partition{Leader: 1, Replicas: three, ISR: []int{2, 1}, MinISR: 1},
			judgement{[]IssueKind{UnderReplicated}, false, UnderReplicated, "2 of 3 replicas in sync (1, 2), min.insync.replicas 1"},
		},
		{
			"one behind and an unknown minimum",
			Partition{Leader: 1, Replicas: three, ISR: []int{1, 2}},
			judgement{[]IssueKind{UnderReplicated}, false, UnderReplicated, "2 of 3 replicas in sync (1, 2)"},
		},
		{
			"one behind and none to spare",
			Partition{Leader: 1, Replicas: three, ISR: []int{1, 2}, MinISR: 2},
			judgement{[]IssueKind{AtMinISR, UnderReplicated}, false, AtMinISR, "2 of 3 replicas in sync (1, 2), min.insync.replicas 2"},
		},
		{
			"away",
			Partition{Leader: 1, Replicas: three, ISR: []int{1}, Offline: []int{2, 3}, MinISR: 2},
			judgement{
				[]IssueKind{UnderMinISR, UnderReplicated, OfflineReplica},
				false,
				UnderMinISR,
				"1 of 3 replicas in sync (1), min.insync.replicas 2",
			},
		},
		{
			"away, and the leader has not noticed",
			Partition{Leader: 1, Replicas: three, ISR: three, Offline: []int{2, 3}, MinISR: 2},
			judgement{
				[]IssueKind{UnderMinISR, UnderReplicated, OfflineReplica},
				false,
				UnderMinISR,
				"1 of 3 replicas in sync (1), min.insync.replicas 2",
			},
		},
		{ // what was in sync last may lead again
			"without a leader",
			Partition{Leader: -1, Replicas: []int{1}, ISR: []int{1}, Offline: []int{1}, MinISR: 1},
			judgement{[]IssueKind{Leaderless, OfflineReplica}, false, Leaderless, "no live leader, replicas on 1"},
		},
		{
			"a leader that does not answer",
			Partition{Leader: 1, Replicas: []int{1}, ISR: []int{1}, LeaderErr: errors.New("frozen")},
			judgement{[]IssueKind{Silent}, false, Silent, "1 of 1 replicas in sync (1)"},
		},
	})
}

// Replicas that are being added are not missed, and those that are being removed are until they are
// gone.
func TestPartitionIssuesInReassignment(t *testing.T) {
	t.Parallel()
	three := []int{1, 2, 3}
	checkPartitions(t, []partitionCase{
		{ // kafka-topics --under-replicated-partitions does not count it either
			"a replica that is being added",
			Partition{Leader: 1, Replicas: three, ISR: []int{1, 2}, Adding: []int{3}, MinISR: 2},
			well("2 of 2 replicas in sync (1, 2), min.insync.replicas 2"),
		},
		{
			"a replica that is being added and is in sync",
			Partition{Leader: 1, Replicas: three, ISR: three, Adding: []int{3}, MinISR: 2},
			well("3 of 2 replicas in sync (1, 2, 3), min.insync.replicas 2"),
		},
		{
			"one behind while another is being added",
			Partition{Leader: 1, Replicas: three, ISR: []int{1}, Adding: []int{3}, MinISR: 1},
			judgement{[]IssueKind{AtMinISR, UnderReplicated}, false, AtMinISR, "1 of 2 replicas in sync (1), min.insync.replicas 1"},
		},
		{ // which Kafka misses until it is gone
			"one behind that is being removed",
			Partition{Leader: 1, Replicas: three, ISR: []int{1, 2}, Removing: []int{3}, MinISR: 1},
			judgement{[]IssueKind{UnderReplicated}, false, UnderReplicated, "2 of 3 replicas in sync (1, 2), min.insync.replicas 1"},
		},
		{
			"one added in place of another",
			Partition{Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1, 2}, Adding: []int{3}, Removing: []int{2}, MinISR: 1},
			well("2 of 2 replicas in sync (1, 2), min.insync.replicas 1"),
		},
		{ // the reassignment was over between two questions
			"one added that is no replica",
			Partition{Leader: 1, Replicas: []int{1, 2}, ISR: []int{1, 2}, Adding: []int{3}, MinISR: 1},
			well("2 of 2 replicas in sync (1, 2), min.insync.replicas 1"),
		},
	})
}

// A broker that metadata does not list is away, whatever it says of its partitions: in
// ZooKeeper mode a replica of it may not be among the offline ones.
func TestPartitionsOfWhoIsNotListed(t *testing.T) {
	t.Parallel()
	meta := &kmsg.MetadataResponse{Brokers: []kmsg.MetadataResponseBroker{{NodeID: 1}, {NodeID: 2}}}
	topic := kmsg.MetadataResponseTopic{Partitions: []kmsg.MetadataResponseTopicPartition{
		{Partition: 1, Leader: 3, Replicas: []int32{3, 1}, ISR: []int32{3}},
		{Partition: 0, Leader: 2, Replicas: []int32{2, 1, 3}, ISR: []int32{2}, OfflineReplicas: []int32{1}},
	}}
	none := func(p Partition) Partition {
		p.LogStart, p.End, p.Size, p.LeaderSize = -1, -1, -1, -1
		return p
	}
	want := []Partition{
		none(Partition{ID: 0, Leader: 2, Replicas: []int{2, 1, 3}, ISR: []int{2}, Offline: []int{1, 3}}),
		none(Partition{ID: 1, Leader: -1, Replicas: []int{3, 1}, ISR: []int{3}, Offline: []int{3}}),
	}
	if diff := cmp.Diff(want, partitionsOf(meta, topic)); diff != "" {
		t.Error(diff)
	}
}
