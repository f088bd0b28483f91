package health

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"kafkactl/internal/kafka"
)

// An advertised listener that answers and refuses is reached: what to mend is the certificate or
// the password.
func TestAdvertisedListenerRefuses(t *testing.T) {
	t.Parallel()
	secret, pool := selfSigned(t)
	for _, test := range []struct {
		name    string
		cluster []kfake.Opt
		client  []kgo.Opt
		sends   string // the host advertised
		refuse  bool   // the second connection's password
		want    string
		hint    hint
	}{
		{
			name: "certificate for another name", cluster: []kfake.Opt{kfake.TLS(secret)}, client: trusting(pool), sends: "localhost",
			want: "certificate not verified: it is for ", hint: advise("advertised-certificate", "127.0.0.1", "localhost"),
		},
		{
			name: "password", cluster: []kfake.Opt{kfake.EnableSASL(), kfake.Superuser("PLAIN", "app", "secret")}, client: []kgo.Opt{kgo.SASL(plain.Auth{User: "app", Pass: "secret"}.AsMechanism())}, sends: "localhost", refuse: true,
			want: "login refused: ", hint: hint{"credentials", kafka.LoginHint(kerr.SaslAuthenticationFailed)},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, test.cluster...)
			_, port, _ := strings.Cut(cluster.ListenAddrs()[0], ":")
			describe(cluster, func(r *kmsg.MetadataResponse) {
				r.Brokers = []kmsg.MetadataResponseBroker{metadataBroker(0, test.sends+":"+port)}
			})
			if test.refuse {
				var logins atomic.Int32
				cluster.ControlKey(kmsg.SASLHandshake.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
					cluster.KeepControl()
					if logins.Add(1) == 1 {
						return nil, nil, false
					}
					resp := req.ResponseKind().(*kmsg.SASLHandshakeResponse)
					resp.ErrorCode = kerr.SaslAuthenticationFailed.Code
					return resp, nil, true
				})
			}
			f := finding(t, ladder(t, Options{Brokers: cluster.ListenAddrs(), Client: test.client}).Climb(t.Context()), "K4")
			if f.Verdict != Fail || !strings.Contains(f.Evidence, " (broker 0): "+test.want) {
				t.Errorf("%s %q\nwant fail %q", f.Verdict, f.Evidence, test.want)
			}
			wantHint(t, test.hint, f)
		})
	}
}

// An advertised address where another cluster answers is named with the broker that sends clients
// there.
func TestAdvertisedElsewhere(t *testing.T) {
	t.Parallel()
	one, other := fakeKafka(t), fakeKafka(t, kfake.ClusterID("cluster-b")).ListenAddrs()[0]
	describe(one, func(r *kmsg.MetadataResponse) { r.Brokers = []kmsg.MetadataResponseBroker{metadataBroker(0, other)} })
	r := ladder(t, Options{Brokers: one.ListenAddrs()}).Climb(t.Context())
	wantFinding(t, Finding{Rung: "K5", Verdict: Unasked, Evidence: "not asked: K4 does not hold"}, finding(t, r, "K5"))
	f, a := finding(t, r, "K4"), one.ListenAddrs()[0]
	wantFinding(t, Finding{Rung: "K4", Verdict: Wait, Evidence: fmt.Sprintf(`broker 0, at %s, is of cluster "cluster-b", but %s is of "cluster-a"`, other, a)}, f)
	wantHint(t, advise("advertised-other-cluster", a, other), f)
}
