package embedded

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Records in memory are told of once they take much, and once alone; those on disk take none.
func TestNoticeMemoryUse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		inMemory bool
		want     []Notice
	}{
		"in memory": {true, []Notice{MemoryUse{256<<20 + 1}}},
		"on disk":   {false, nil},
	} {
		var got []Notice
		w := newWatch()
		w.memory, w.tell = test.inMemory, func(n Notice) { got = append(got, n) }
		for _, use := range []int64{20 << 20, 256 << 20, 256<<20 + 1, 100 << 20, 300 << 20} {
			w.tellMemory(use)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What the process holds is measured in bytes.
func TestMemoryInUse(t *testing.T) {
	const more = 64 << 20
	before := memoryInUse()
	held := make([]byte, more)
	for i := range held {
		held[i] = 1
	}
	grown := memoryInUse() - before
	runtime.KeepAlive(held)
	if before <= 0 || grown < more/2 || grown > 4*more {
		t.Errorf("%d bytes, then %d more: want some %d more", before, grown, more)
	}
}
