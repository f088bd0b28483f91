package record

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

func TestTail(t *testing.T) {
	t.Parallel()
	f := newReading(t, 3, ReaderOptions{Patience: 20 * time.Second})
	f.write(0, 0, 2, 4, 6, 8, 10, 12, 14)
	f.write(1, 1, 3, 5, 7, 7)
	f.trim(1, 1)
	everything := func(*kgo.Record) (bool, error) { return true, nil }
	only := func(text string) func(*kgo.Record) (bool, error) {
		return func(r *kgo.Record) (bool, error) { return strings.HasPrefix(string(r.Value), text), nil }
	}
	for _, tt := range []struct {
		name string
		n    int
		keep func(*kgo.Record) (bool, error)
		want string
	}{
		{"the newest of all", 1, everything, "0@14"},
		{"by time", 7, everything, "0@6 1@7 1@7 0@8 0@10 0@12 0@14"},
		{"more than there are", 100, everything, "0@0 0@2 1@3 0@4 1@5 0@6 1@7 1@7 0@8 0@10 0@12 0@14"},
		{"of what is wanted, however far back", 2, only("0@0"), "0@0"},
		{"of one partition", 3, only("1@"), "1@5 1@7 1@7"},
		{"of nothing", 3, only("x"), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			records, err := f.Tail(t.Context(), f.spans(Selection{}), tt.n, tt.keep)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range records {
				got = append(got, string(r.Value))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("tail (-want +got):\n%s", diff)
			}
		})
	}
	broken := errors.New("broken")
	if _, err := f.Tail(t.Context(), f.spans(Selection{}), 1, func(*kgo.Record) (bool, error) { return false, broken }); !errors.Is(err, broken) {
		t.Errorf("keep's error is lost: %v", err)
	}
}

// Equal times: the newest of all is not lost, whatever partition it is in.
func TestTailOfEqualTimes(t *testing.T) {
	t.Parallel()
	f := newReading(t, 3, ReaderOptions{Patience: 20 * time.Second})
	for p := range int32(3) {
		f.write(p, 5, 5, 5)
	}
	records, err := f.Tail(t.Context(), f.spans(Selection{}), 4, func(*kgo.Record) (bool, error) { return true, nil })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records {
		got = append(got, Span{Topic: r.Topic, Partition: r.Partition}.String())
	}
	if diff := cmp.Diff("t/1 t/2 t/2 t/2", strings.Join(got, " ")); diff != "" {
		t.Error(diff)
	}
}
