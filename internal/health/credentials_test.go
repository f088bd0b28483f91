package health

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Refused credentials do not heal, and the caller can distinguish them from everything else.
func TestRefusedCredentialsFail(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]*kerr.Error{
		"password":  kerr.SaslAuthenticationFailed,
		"mechanism": kerr.UnsupportedSaslMechanism,
		"state":     kerr.IllegalSaslState,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, kfake.EnableSASL())
			control(cluster, kmsg.SASLHandshake, func(req kmsg.Request) kmsg.Response {
				resp := kmsg.NewPtrSASLHandshakeResponse()
				resp.Version, resp.ErrorCode = req.GetVersion(), code.Code
				return resp
			})
			mechanism := plain.Auth{User: "app", Pass: "wrong"}.AsMechanism()
			l := ladder(t, Options{Brokers: cluster.ListenAddrs(), Client: []kgo.Opt{kgo.SASL(mechanism)}})
			_, err := l.Wait(background(t, unhurried), nil)
			if !errors.Is(err, ErrCannotHeal) || !errors.Is(err, code) {
				t.Fatalf("Wait: %v, want one that cannot heal, by %v", err, code)
			}
			if strings.Contains(err.Error(), "wrong") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

// What a listener says about logins is asked once, and is what the rung says: it closes on a client that does not log
// in, and franz-go drops the mechanisms that it names to one that has another.
func TestListenerNamesItsMechanisms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		mechanism []kgo.Opt
		offers    []string
		conns     int
		want      Finding
	}{
		{
			name: "no login", offers: []string{"SCRAM-SHA-512", "PLAIN"}, conns: 3, // K2, K3, and the question
			want: Finding{Rung: "K3", Verdict: Fail, Evidence: "login required: the listener offers PLAIN, SCRAM-SHA-512", HintID: "credentials"},
		},
		{
			name: "another mechanism", mechanism: []kgo.Opt{kgo.SASL(scram.Auth{User: "app", Pass: "secret"}.AsSha256Mechanism())},
			offers: []string{"SCRAM-SHA-512", "PLAIN"}, conns: 3,
			want: Finding{Rung: "K3", Verdict: Fail, Evidence: "login refused: the listener does not have SCRAM-SHA-256; it offers PLAIN, SCRAM-SHA-512", HintID: "credentials"},
		},
		{
			name: "not told", conns: 3,
			want: Finding{Rung: "K3", Verdict: Wait, Evidence: "answers ApiVersions, then closes: the broker is going down, or overloaded", HintID: "connection-log"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, kfake.EnableSASL())
			control(cluster, kmsg.SASLHandshake, func(req kmsg.Request) kmsg.Response {
				resp := kmsg.NewPtrSASLHandshakeResponse()
				resp.Version, resp.SupportedMechanisms = req.GetVersion(), test.offers
				if asked, _ := req.(*kmsg.SASLHandshakeRequest); !slices.Contains(test.offers, asked.Mechanism) {
					resp.ErrorCode = kerr.UnsupportedSaslMechanism.Code
				}
				return resp
			})
			var conns atomic.Int32
			dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
				conns.Add(1)
				return new(net.Dialer).DialContext(ctx, network, addr)
			}
			addr := cluster.ListenAddrs()[0]
			r := ladder(t, Options{Brokers: []string{addr}, Client: test.mechanism, Dial: dial}).Climb(t.Context())
			test.want.Evidence = addr + ": " + test.want.Evidence
			wantFinding(t, test.want, finding(t, r, "K3"))
			if got := int(conns.Load()); got != test.conns {
				t.Errorf("%d connections, want %d", got, test.conns)
			}
		})
	}
}
