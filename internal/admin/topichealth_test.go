package admin

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestAilments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		partition Partition
		want      []Kind
		sick      bool
	}{
		{"all in sync", Partition{Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{3, 1, 2}, MinISR: 2}, nil, false},
		{"as many replicas as must be in sync", Partition{Leader: 1, Replicas: []int{1}, ISR: []int{1}, MinISR: 1}, nil, false},
		{"led by another", Partition{Leader: 2, Replicas: []int{1, 2}, ISR: []int{1, 2}, MinISR: 1}, []Kind{NotPreferred}, false},
		{"one behind", Partition{Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1, 2}, MinISR: 1}, []Kind{UnderReplicated}, true},
		{
			"one behind and none to spare",
			Partition{Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1, 2}, MinISR: 2},
			[]Kind{AtMinISR, UnderReplicated},
			true,
		},
		{
			"away",
			Partition{Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1}, Offline: []int{2, 3}, MinISR: 2},
			[]Kind{UnderMinISR, UnderReplicated, OfflineReplica},
			true,
		},
		{ // min.insync.replicas may be more than there are replicas: nothing lacks, and no write is taken
			"more wanted than there are", Partition{Leader: 1, Replicas: []int{1}, ISR: []int{1}, MinISR: 2}, []Kind{UnderMinISR}, true,
		},
		{"without a leader", Partition{Leader: -1, Replicas: []int{1}, ISR: []int{1}, Offline: []int{1}, MinISR: 1}, []Kind{Leaderless, OfflineReplica}, true},
		{"a leader that does not tell", Partition{Leader: 1, Replicas: []int{1}, ISR: []int{1}, LeaderErr: errors.New("frozen")}, []Kind{Silent}, true},
		{"a replica that is being added", Partition{Leader: 1, Replicas: []int{1, 2, 3}, ISR: []int{1, 2}, Adding: []int{3}, MinISR: 2}, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.partition.Ailments()); diff != "" {
				t.Error(diff)
			}
			if test.partition.Sick() != test.sick {
				t.Errorf("sick: %v", !test.sick)
			}
		})
	}
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
