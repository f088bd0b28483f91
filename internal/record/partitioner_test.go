package record

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// kgo's own partitioners, as kcl's, put 20 of 20 records without a key in one partition.
func TestNullKeysAreSpreadEvenly(t *testing.T) {
	t.Parallel()
	p := partitioner{}.ForTopic("t")
	counts := make([]int, 6)
	for range 20 {
		r := &kgo.Record{Partition: -1}
		if p.RequiresConsistency(r) {
			t.Fatal("a record without a key waits for a partition without a leader")
		}
		counts[p.Partition(r, len(counts))]++
	}
	for partition, n := range counts {
		if n < 3 || n > 4 {
			t.Errorf("partition %d got %d of 20: %v", partition, n, counts)
		}
	}
}

// Single records of many runs are not all for partition 0.
func TestNullKeysBeginAnywhere(t *testing.T) {
	t.Parallel()
	seen := make(map[int]bool)
	for range 100 {
		seen[partitioner{}.ForTopic("t").Partition(&kgo.Record{Partition: -1}, 3)] = true
	}
	if len(seen) != 3 {
		t.Errorf("100 first records went to partitions %v of 3", seen)
	}
}

// The partitions are what Kafka's Java client computes: (murmur2(key) & 0x7fffffff) % n,
// with the hashes of its UtilsTest.
func TestKeysGoWhereJavaPutsThem(t *testing.T) {
	t.Parallel()
	const n = 1000
	for key, hash := range map[string]int32{
		"21": -973932308, "foobar": -790332482, "a-little-bit-long-string": -985981536,
		"a-little-bit-longer-string": -1486304829, "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
		"abc": 479470107,
	} {
		p := partitioner{}.ForTopic("t")
		r := &kgo.Record{Key: []byte(key), Partition: -1}
		if !p.RequiresConsistency(r) {
			t.Errorf("%q may go elsewhere when a partition has no leader", key)
		}
		if got, want := p.Partition(r, n), int(hash&0x7fffffff)%n; got != want {
			t.Errorf("%q goes to %d, want %d", key, got, want)
		}
	}
}

func TestPinnedAndEmptyKeys(t *testing.T) {
	t.Parallel()
	p := partitioner{}.ForTopic("t")
	if got := p.Partition(&kgo.Record{Key: []byte("abc"), Partition: 4}, 6); got != 4 {
		t.Errorf("pinned to 4, went to %d", got)
	}
	empty := &kgo.Record{Key: []byte{}, Partition: -1}
	first := p.Partition(empty, 6)
	for range 5 {
		if got := p.Partition(empty, 6); got != first {
			t.Errorf("an empty key went to %d and %d", first, got)
		}
	}
}
