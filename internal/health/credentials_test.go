package health

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"
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

// A SASL listener closes on a client that does not authenticate, and says nothing.
func TestMissingCredentialsAreNamed(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, kfake.EnableSASL())
	r := ladder(t, Options{Brokers: cluster.ListenAddrs()}).Climb(t.Context())
	want := cluster.ListenAddrs()[0] + ": answers ApiVersions, then closes: SASL is required, or the broker is going down"
	wantFinding(t, Finding{Rung: "K3", Verdict: Wait, Evidence: want}, finding(t, r, "K3"))
}
