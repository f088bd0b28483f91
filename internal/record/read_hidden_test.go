package record

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// openNote is what is said of a transaction that hides four offsets from 1 on.
const openNote = `^t/0: a transaction that is still open hides 4 offsets from offset 1 on( \(transaction "pay", open since 20[-0-9]+T[:0-9]+Z\))?; --isolation read_uncommitted shows them$`

// A follow that stands before an open transaction says which one, once; what it hid comes when it
// has ended.
func TestFollowHidden(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	f.write(0, 0)
	end := f.transaction("pay", 4)
	ended := make(chan struct{})
	time.AfterFunc(hiddenAfter+2*time.Second, func() {
		defer close(ended)
		end(kgo.TryCommit)
	})
	defer func() { <-ended }()
	got, err := f.until("pay3", f.spans(Selection{Follow: true})...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0@0", "pay0", "pay1", "pay2", "pay3"}, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if len(f.notes) != 1 || regexp.MustCompile(openNote).FindStringSubmatch(f.notes[0])[1] == "" {
		t.Errorf("notes %q", f.notes)
	}
}

// A read with an end says it too. Where nobody may be asked which transaction it is, the rest is
// said.
func TestHidden(t *testing.T) {
	t.Parallel()
	f := newReading(t, 1, ReaderOptions{})
	f.write(0, 0)
	f.transaction("pay", 4)
	spans := f.spans(Selection{})
	for _, tt := range []struct {
		name  string
		fault *kerr.Error
		named bool
	}{{"named", nil, true}, {"refused", kerr.TopicAuthorizationFailed, false}} {
		if tt.fault != nil {
			f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeProducers}, Topic: "t", Err: tt.fault, Count: -1})
		}
		lines := f.Hidden(t.Context(), spans)
		if len(lines) != 1 {
			t.Fatalf("%s: %q", tt.name, lines)
		}
		if found := regexp.MustCompile(openNote).FindStringSubmatch(lines[0]); found == nil || found[1] != "" != tt.named {
			t.Errorf("%s: %q", tt.name, lines[0])
		}
	}
	if lines := f.Hidden(t.Context(), []Span{{Topic: "t", End: 9}}); len(lines) > 0 {
		t.Errorf("nothing is hidden, and told %q", lines)
	}
}
