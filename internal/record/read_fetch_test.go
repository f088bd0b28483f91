package record

import (
	"encoding/binary"
	"slices"
	"testing"
)

// The epoch of what was read last is that of its batch. One that is too old would make a leader say
// that its log has parted from what was read.
func TestEpochBefore(t *testing.T) {
	t.Parallel()
	batch := func(first int64, delta, epoch uint32, magic byte) []byte {
		b := make([]byte, 61)
		binary.BigEndian.PutUint64(b, uint64(first))
		binary.BigEndian.PutUint32(b[8:], uint32(len(b)-12))
		binary.BigEndian.PutUint32(b[12:], epoch)
		b[16] = magic
		binary.BigEndian.PutUint32(b[23:], delta)
		return b
	}
	two := slices.Concat(batch(0, 4, 7, 2), batch(5, 0, 8, 2))
	for _, tt := range []struct {
		name    string
		batches []byte
		next    int64
		want    int32
	}{
		{"none", nil, 0, -1},
		{"of the last", two, 6, 8},
		{"of one before", two, 5, 7},
		{"amid a batch", two, 3, -1},
		{"the last is cut off", two[:len(two)-1], 6, -1},
		{"only a part of a header", two[:20], 5, -1},
		{"older than 0.11", batch(0, 0, 7, 1), 1, -1},
		{"a length that is none", append(make([]byte, 8), slices.Repeat([]byte{0xff}, 60)...), 1, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := epochBefore(tt.batches, tt.next); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}
