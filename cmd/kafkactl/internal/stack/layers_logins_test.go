package stack_test

import (
	"sync/atomic"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafkatest"
)

// logins are listeners that want another login. kfake names no mechanisms to one that it takes, as brokers do, and
// takes logins where it wants none.
func (g ground) logins() []layer {
	as := func(mechanism string) string {
		return "--security-protocol SASL_PLAINTEXT --sasl-username app --sasl-mechanism " + mechanism + " --sasl-password-file " + g.file(mechanism, canary)
	}
	answering := func(code *kerr.Error, offers []string, opts ...kfake.Opt) string {
		cluster, addrs := kafkatest.Fake(g.t, opts...)
		cluster.ControlKey(kmsg.SASLHandshake.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			resp := kmsg.NewPtrSASLHandshakeResponse()
			resp.Version, resp.ErrorCode, resp.SupportedMechanisms = req.GetVersion(), code.Code, offers
			return resp, nil, true
		})
		return addrs[0]
	}
	kerberos := answering(kerr.UnsupportedSaslMechanism, []string{"GSSAPI"}, kfake.EnableSASL())
	scram := answering(kerr.UnsupportedSaslMechanism, []string{"SCRAM-SHA-512", "OAUTHBEARER"}, kfake.EnableSASL())
	return []layer{
		{name: "login wanted", addr: scram, code: cli.ExitRefused, want: `:\d+: login required: the listener offers OAUTHBEARER, SCRAM-SHA-512`, hint: "log in with SCRAM-SHA-512 or OAUTHBEARER: --sasl-mechanism", docsOf: "wait", docs: "sasl-required"},
		{name: "Kerberos wanted", addr: kerberos, code: cli.ExitRefused, want: `:\d+: login required: the listener offers GSSAPI`, hint: "kafkactl has none of them"},
		{
			name: "another mechanism", addr: scram, flags: as("PLAIN"), code: cli.ExitRefused, kafkaError: "UNSUPPORTED_SASL_MECHANISM", docs: "mechanism-refused",
			want: `:\d+: login refused: the listener does not have PLAIN; it offers OAUTHBEARER, SCRAM-SHA-512`, hint: "log in with SCRAM-SHA-512 or OAUTHBEARER",
		},
		{
			name: "no login there", addr: answering(kerr.IllegalSaslState, nil), flags: as("SCRAM-SHA-256"), code: cli.ExitRefused, kafkaError: "ILLEGAL_SASL_STATE",
			want: `login refused: the listener has no login \(ILLEGAL_SASL_STATE\)`, hint: "connect without a login", docs: "no-login-there",
		},
		{name: "password", addr: g.passwords(4), flags: as("SCRAM-SHA-512"), code: cli.ExitRefused, kafkaError: "SASL_AUTHENTICATION_FAILED", want: "login refused: SASL_AUTHENTICATION_FAILED: .*", hint: "check the user name and the password", docsOf: "wait", docs: "sasl-refused"},
	}
}

// passwords is a listener that refuses each login. Each of so many runs must try one.
func (g ground) passwords(runs int32) string {
	cluster, addrs := kafkatest.Fake(g.t, kfake.EnableSASL())
	var tries atomic.Int32
	cluster.ControlKey(kmsg.SASLAuthenticate.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		tries.Add(1)
		resp := kmsg.NewPtrSASLAuthenticateResponse()
		resp.Version, resp.ErrorCode = req.GetVersion(), kerr.SaslAuthenticationFailed.Code
		resp.ErrorMessage = kmsg.StringPtr("Authentication failed during authentication due to invalid credentials")
		return resp, nil, true
	})
	g.t.Cleanup(func() {
		if got := tries.Load(); got != runs {
			g.t.Errorf("%d logins in %d runs, want one each", got, runs)
		}
	})
	return addrs[0]
}
