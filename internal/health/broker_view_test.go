package health

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Brokers list each other in any order; an old one gives no cluster id.
func TestViewOf(t *testing.T) {
	t.Parallel()
	resp := kmsg.NewPtrMetadataResponse()
	resp.ControllerID = -1
	for _, b := range []struct {
		id   int32
		host string
	}{{2, "kafka"}, {-1, "::1"}, {1, "10.0.0.1"}} {
		resp.Brokers = append(resp.Brokers, kmsg.MetadataResponseBroker{NodeID: b.id, Host: b.host, Port: 9092})
	}
	want := brokerView{addr: "a:1", controller: -1, brokers: []broker{{-1, "[::1]:9092"}, {1, "10.0.0.1:9092"}, {2, "kafka:9092"}}}
	if diff := cmp.Diff(want, newBrokerView("a:1", resp), cmp.AllowUnexported(brokerView{}, broker{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Where addresses count differently, the evidence says which of them does how.
func TestShortage(t *testing.T) {
	t.Parallel()
	two, one := brokerView{brokers: make([]broker, 2)}, brokerView{brokers: make([]broker, 1)}
	for _, test := range []struct {
		name  string
		views []brokerView
		want  string
	}{
		{"alike", []brokerView{one, one}, "1 broker, 2 needed (the spec)"},
		{"apart", []brokerView{two, one}, "1 broker, 2 needed (the spec): EACH"},
		{"enough", []brokerView{two, two}, ""},
		{"nobody tells", nil, ""},
	} {
		l := &Ladder{minBrokers: 2, minBrokersWhy: "the spec"}
		if short := l.isShort(test.views); short != (test.want != "") {
			t.Errorf("%s: short %t", test.name, short)
		}
		if test.want == "" {
			continue
		}
		if got := l.shortage(test.views, "EACH"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
