package record

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"

	"kafkactl/internal/kafka"
)

func positions(t *testing.T, text string) Positions {
	t.Helper()
	ps, err := ParsePositions(text)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func TestSpans(t *testing.T) {
	t.Parallel()
	f := newReading(t, 3, ReaderOptions{})
	f.write(0, 0, 1, 2, 3, 4, 5)
	f.write(1, 0, 1, 2)
	f.trim(0, 2)
	committed := make(kadm.Offsets)
	committed.AddOffset("t", 0, 1, -1) // was deleted since
	committed.AddOffset("t", 1, 2, -1)
	for _, tt := range []struct {
		name string
		sel  Selection
		want string
	}{
		{"all of it", Selection{}, "t/0 2-6, t/1 0-3, t/2 0-0"},
		{"some partitions, in order", Selection{Partitions: []int32{1, 0, 1}}, "t/0 2-6, t/1 0-3"},
		{"before the end", Selection{Positions: positions(t, "-2")}, "t/0 4-6, t/1 1-3, t/2 0-0"},
		{"only the partitions with a position", Selection{Positions: positions(t, "0:5,1:+1")}, "t/0 5-6, t/1 1-3"},
		{"since", Selection{Since: written().Add(2 * time.Second)}, "t/0 2-6, t/1 2-3, t/2 0-0"},
		{"until, and what may be late", Selection{Until: written().Add(4*time.Second - lateness)}, "t/0 2-4, t/1 0-3, t/2 0-0"},
		{"what a group committed", Selection{Committed: committed}, "t/0 2-6, t/1 2-3, t/2 0-0"},
		{"without end", Selection{Follow: true, Partitions: []int32{0}}, "t/0 2-∞"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range f.spans(tt.sel) {
				end := fmt.Sprint(s.End)
				if s.End == NoEnd {
					end = "∞"
				}
				got = append(got, fmt.Sprintf("%s %d-%s", s, s.Start, end))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
	for _, sel := range []Selection{{Partitions: []int32{3}}, {Positions: positions(t, "3:0")}} {
		sel.Topics = []string{"t"}
		var missing *kafka.MissingPartitionError
		_, err := f.Spans(t.Context(), sel)
		if !errors.As(err, &missing) {
			t.Fatalf("partition 3 of 3: %v", err)
		}
		if diff := cmp.Diff(&kafka.MissingPartitionError{Topic: "t", Partition: 3, Count: 3}, missing); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	}
}

// What one of the two says of a partition must not be dropped in silence for the other.
func TestSelectionCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, positions string
		partitions      []int32
		want            string
	}{
		{"all partitions", "0:0,1:end", nil, ""},
		{"the same ones", "1:end,0:0", []int32{0, 1, 1}, ""},
		{"no position at all", "", []int32{0, 1}, ""},
		{"a position for all", "end", []int32{0, 1}, ""},
		{"a position for all others", "end,1:0", []int32{0, 1}, ""},
		{"a position that is not selected", "0:0,1:end", []int32{0}, `position "1:end": partition 1 is not selected`},
		{"the same beside one for all", "start,1:-5", []int32{0}, `position "1:-5": partition 1 is not selected`},
		{"a selected one without a position", "0:0", []int32{0, 2}, "partition 2 is selected and has no position: add 2:start, or start for all that are not named"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sel := Selection{Partitions: tt.partitions}
			if tt.positions != "" {
				sel.Positions = positions(t, tt.positions)
			}
			got := ""
			if err := sel.Check(); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A topic that is named twice made two cursors for each partition, of which an answer moves
// one: the other was waited for until Patience ended.
func TestSpansOfTopicNamedTwice(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	f.write(0, 0)
	got, err := f.Spans(t.Context(), Selection{Topics: []string{"t", "t"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Span{{Topic: "t", End: 1, Grows: true}}, got); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}
