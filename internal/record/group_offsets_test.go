package record

import (
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A topic that is gone takes what was committed for it with it: that is no reason not to commit for
// the others. A topic that was just made is unknown for a moment.
func TestGroupCommit(t *testing.T) {
	t.Parallel()
	f := newReading(t, 2, ReaderOptions{})
	group, err := NewGroup(t.Context(), f.cfg, "g")
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	offsets := make(kadm.Offsets)
	offsets.AddOffset("t", 0, 5, -1)
	offsets.AddOffset("t", 1, 6, -1)
	offsets.AddOffset("gone", 0, 7, -1)
	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Topic: "t", Partitions: []int32{1}, Err: kerr.UnknownTopicOrPartition, Count: 2})
	began := time.Now()
	if err := group.Commit(t.Context(), offsets); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 20*goneAfter {
		t.Errorf("took %s", took)
	}
	committed, err := group.Committed(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for partition, want := range []int64{5, 6} {
		if at, ok := committed.Lookup("t", int32(partition)); !ok || at.At != want {
			t.Errorf("partition %d: committed %v, want %d", partition, at, want)
		}
	}
	if at, ok := committed.Lookup("gone", 0); ok {
		t.Errorf("for a topic that is gone: %v", at)
	}

	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Topic: "t", Err: kerr.TopicAuthorizationFailed, Count: -1})
	if err := group.Commit(t.Context(), offsets); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("refused: %v", err)
	}
}
