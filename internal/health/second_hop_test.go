package health

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A broker that is away and still listed by the others is not called wrongly advertised: on one
// machine every broker has a port of its own, and none is published in place of another. A name
// that does not resolve is another matter.
func TestAnAbsentBrokerIsNotMisadvertised(t *testing.T) {
	t.Parallel()
	gone := refusing(t)
	for _, test := range []struct {
		name, own, other string // where broker 0, which is asked, and broker 7 are said to be; "" is where broker 0 is
		want             string // the hint's id
	}{
		{"another broker is away", "", gone, "broker-away"},
		{"another broker is away, by another name of this machine", "localhost", gone, "broker-away"},
		{"another broker has a name unknown here", "", "nosuch.invalid:9092", "advertised"},
		{"the one that was asked says it is elsewhere", gone, "", "advertised-port"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, kfake.NumBrokers(1))
			addr := cluster.ListenAddrs()[0]
			describe(cluster, func(r *kmsg.MetadataResponse) {
				r.Brokers = nil
				if test.other != "" {
					r.Brokers = append(r.Brokers, metadataBroker(7, test.other))
				}
				own := addr
				switch test.own {
				case "":
				case "localhost":
					own = strings.Replace(addr, "127.0.0.1", "localhost", 1)
				default:
					own = test.own
				}
				r.Brokers = append(r.Brokers, metadataBroker(0, own))
			})
			f := finding(t, ladder(t, Options{Brokers: []string{addr}}).Climb(t.Context()), "K4")
			if f.Verdict != Wait || f.HintID != test.want {
				t.Errorf("%s %q, hint %s: %q, want wait and hint %s", f.Verdict, f.Evidence, f.HintID, f.Hint, test.want)
			}
		})
	}
}

// Two clusters behind the given addresses, and two brokers that do not list the same ones, are not
// one cluster.
func TestBrokersMustAgree(t *testing.T) {
	t.Parallel()
	one := fakeKafka(t)
	for _, test := range []struct {
		name, want string
		other      *kfake.Cluster
	}{
		{"another cluster", `is of cluster "cluster-b", but FIRST is of "cluster-a"`, fakeKafka(t, kfake.ClusterID("cluster-b"))},
		{"another set", "lists brokers 0, 1, but FIRST lists 0", fakeKafka(t, kfake.NumBrokers(2))},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, b := one.ListenAddrs()[0], test.other.ListenAddrs()[0]
			f := finding(t, ladder(t, Options{Brokers: []string{a, b}}).Climb(t.Context()), "K4")
			if want := b + " " + strings.ReplaceAll(test.want, "FIRST", a); f.Verdict != Wait || !strings.HasPrefix(f.Evidence, want) {
				t.Errorf("%s %q, want prefix %q", f.Verdict, f.Evidence, want)
			}
		})
	}
}
