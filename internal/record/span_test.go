package record

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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
	late := 2 * time.Second
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
		{"until: a late record may stand anywhere", Selection{Until: written().Add(2 * time.Second)}, "t/0 2-6, t/1 0-3, t/2 0-0"},
		{"until, and little later", Selection{Until: written().Add(2 * time.Second), Lateness: &late}, "t/0 2-4, t/1 0-3, t/2 0-0"},
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

// Where reading begins elsewhere than was asked for, that is noted: what was asked, what the log
// holds, where it begins.
func TestSpansMoved(t *testing.T) {
	t.Parallel()
	f := newReading(t, 5, ReaderOptions{})
	for p := range int32(4) {
		f.write(p, 0, 1, 2, 3, 4, 5)
	}
	f.trim(0, 2)
	committed := make(kadm.Offsets)
	committed.AddOffset("t", 0, 1, -1)
	committed.AddOffset("t", 1, 9, -1)
	committed.AddOffset("t", 2, 6, -1)
	late := time.Second
	const holds, all = " is outside the log, which holds offsets 2 to 5: reading begins at its ", " is outside the log, which holds offsets 0 to 5: reading begins at its "
	for _, tt := range []struct {
		name string
		sel  Selection
		want []string
	}{
		{"inside", Selection{Positions: positions(t, "0:2,1:6,2:-6,3:+6")}, nil},
		{"before the start", Selection{Positions: positions(t, "0:1")}, []string{"t/0: --offset 1" + holds + "start, 2"}},
		{"behind the end", Selection{Positions: positions(t, "0:7")}, []string{"t/0: --offset 7" + holds + "end, 6"}},
		{"more than there is", Selection{Positions: positions(t, "0:-5,1:+7")}, []string{"t/0: --offset -5" + holds + "start, 2", "t/1: --offset +7" + all + "end, 6"}},
		{"in an empty log", Selection{Positions: positions(t, "4:3")}, []string{"t/4: --offset 3 is outside the log, which is empty: reading begins at its start, 0"}},
		{"in many partitions", Selection{Positions: positions(t, "99")}, []string{
			"t/0: --offset 99" + holds + "end, 6", "t/1: --offset 99" + all + "end, 6", "t/2: --offset 99" + all + "end, 6", "the same of 2 more partitions",
		}},
		{"committed", Selection{Committed: committed, Partitions: []int32{0, 1, 2, 3}}, []string{
			"t/0: offsets 1 to 1 were deleted before the group read them",
			"t/1: the group committed offset 9, and the log ends at 6: it lost records or was made again; reading begins at its start, 0",
		}},
		{"until", Selection{Until: written().Add(2 * time.Second), Lateness: &late, Partitions: []int32{1, 2}}, []string{
			"6 offsets behind --until are not read: a record that came more than 1s late is missed",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f.notes = nil
			f.spans(tt.sel)
			if diff := cmp.Diff(tt.want, f.notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// An offset is looked for in the whole log, also behind an open transaction: what stands before it
// was not asked for.
func TestSpansBehindAnOpenTransaction(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	f.write(0, 0, 1, 2)
	f.transaction("open", 4)
	for _, tt := range []struct {
		name, positions string
		follow          bool
		want            Span
	}{
		{"before", "1", false, Span{Start: 1, End: 3}},
		{"behind", "5", false, Span{Start: 5, End: 3}},
		{"from the start", "+5", false, Span{Start: 5, End: 3}},
		{"from the end", "-1", false, Span{Start: 2, End: 3}},
		{"at the end", "end", true, Span{Start: 3, End: NoEnd}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Topic, tt.want.Hidden, tt.want.Grows = "t", 4, true
			got := f.spans(Selection{Positions: positions(t, tt.positions), Follow: tt.follow})
			if diff := cmp.Diff([]Span{tt.want}, got, cmpopts.IgnoreFields(Span{}, "TopicID")); diff != "" {
				t.Errorf("spans (-want +got):\n%s", diff)
			}
		})
	}
	if len(f.notes) > 0 {
		t.Errorf("notes %q", f.notes)
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
	if diff := cmp.Diff([]Span{{Topic: "t", End: 1, Grows: true}}, got, cmpopts.IgnoreFields(Span{}, "TopicID")); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
}
