package accessadmin

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/properties"
	"kafkactl/internal/topicspec"
)

// loggingIn is a fake cluster with users a, b and c, to which the keeper logs in as admin. It counts the handshakes of
// SCRAM-SHA-512, by which only users log in.
func loggingIn(t *testing.T, services ...topicspec.DesiredService) (fake, *kfake.FaultHandle) {
	t.Helper()
	const scram = properties.ScramSHA512
	f := startFake(t, desired(services...), kfake.EnableSASL(), kfake.Superuser("PLAIN", "admin", "admin"),
		kfake.User(scram, "a", "the-secret"), kfake.User(scram, "b", "the-secret"), kfake.User(scram, "c", "the-secret"))
	f.config.Security = plainLogin(t, "admin", "admin")
	f.client = dial(t, f.config)
	tried := f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLHandshake}, Count: -1, Observe: true, When: func(req kmsg.Request) bool {
		return req.(*kmsg.SASLHandshakeRequest).Mechanism == scram
	}})
	return f, tried
}

func user(name string) topicspec.DesiredService {
	s := producing(name)
	s.Quota, s.Scram.Mechanisms = nil, []string{properties.ScramSHA512}
	return s
}

// isOf reports whether a message of SCRAM begins the login of a user.
func isOf(name string) func(kmsg.Request) bool {
	return func(req kmsg.Request) bool {
		return strings.Contains(string(req.(*kmsg.SASLAuthenticateRequest).SASLAuthBytes), ",n="+name+",")
	}
}

// Each user is tried once in a run, whatever comes of it.
func TestTrials(t *testing.T) {
	t.Parallel()
	f, tried := loggingIn(t, user("a"), user("b"), user("c"))
	f.Fault(
		kfake.Fault{Keys: []kmsg.Key{kmsg.SASLAuthenticate}, Count: -1, Err: kerr.SaslAuthenticationFailed, When: isOf("b")},
		kfake.Fault{Keys: []kmsg.Key{kmsg.SASLAuthenticate}, Count: -1, Err: kerr.UnknownServerError, When: isOf("c")},
	)
	for range 2 {
		changes, compared, err := f.Plan(f.ctx, topicspec.Consent{})
		if err != nil || len(changes) != 1 || changes[0].Subject() != `user "b"` || changes[0].Action != topicspec.Set || compared.Users != 2 {
			t.Errorf("%v, %+v, %v", changes, compared, err)
		}
		if len(compared.Notes) != 1 || !strings.HasPrefix(compared.Notes[0], "user c: password not verified: broker ") {
			t.Errorf("%q", compared.Notes)
		}
		if tried.Hits() != 3 {
			t.Errorf("%d logins of 3 users", tried.Hits())
		}
	}
}

// Where the listener has no such mechanism, one user is enough to find out.
func TestMechanismNotOffered(t *testing.T) {
	t.Parallel()
	f, tried := loggingIn(t, user("a"), user("b"), user("c"))
	refused := f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLHandshake}, Count: -1, Err: kerr.UnsupportedSaslMechanism, When: func(req kmsg.Request) bool {
		return req.(*kmsg.SASLHandshakeRequest).Mechanism == properties.ScramSHA512
	}})
	changes, compared, err := f.Plan(f.ctx, topicspec.Consent{})
	if err != nil || len(changes) > 0 || refused.Hits() != 1 || tried.Hits() > 1 {
		t.Errorf("%v, %v, %d logins", changes, err, refused.Hits())
	}
	reason := ": password not verified: the listener at " + f.ListenAddrs()[0] + " does not have SCRAM-SHA-512"
	if diff := cmp.Diff([]string{"user a" + reason, "user b" + reason, "user c" + reason}, compared.Notes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A broker that refuses the login right after the write is not there yet, and is waited for. Nobody is tried who is there
// no more.
func TestLoginTakenLate(t *testing.T) {
	t.Parallel()
	f, _ := loggingIn(t, user("new"))
	changes := f.plan(t)
	var refusals atomic.Int32
	f.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.SASLAuthenticate}, Nodes: []int32{2}, Count: 3, Err: kerr.SaslAuthenticationFailed, When: func(req kmsg.Request) bool {
		if is := isOf("new")(req); !is {
			return false
		}
		refusals.Add(1)
		return true
	}})
	if errs := f.Make(f.ctx, topicspec.StageUsers, changes); errs[0] != nil || refusals.Load() < 3 {
		t.Errorf("%v after %d refusals", errs, refusals.Load())
	}
	if left := f.plan(t); len(left) > 0 {
		t.Errorf("%v", left)
	}
}

// Another password is not made for a user only because the file of the one it has is not here.
func TestLostPassword(t *testing.T) {
	t.Parallel()
	lost := user("a")
	path := t.TempDir() + "/a"
	lost.Scram.Password = topicspec.PasswordSource{Generate: path}
	f, tried := loggingIn(t, lost)
	changes, compared, err := f.Plan(f.ctx, topicspec.Consent{})
	reason := path + " is not there, and the brokers never tell a password; put it there, or remove the user for a new one: " +
		"kafka-configs --bootstrap-server … --alter --entity-type users --entity-name a --delete-config SCRAM-SHA-512"
	if diff := cmp.Diff([]string{"user a: password not verified: " + reason}, compared.Notes); diff != "" || err != nil || len(changes) > 0 || tried.Hits() > 0 {
		t.Errorf("%v, %v, %d logins (-want +got):\n%s", changes, err, tried.Hits(), diff)
	}
	lost.Scram.Iterations = 8192
	f.desired = desired(lost)
	changes = f.plan(t)
	if errs := f.Validate(f.ctx, changes); len(errs) != 1 || !errors.As(errs[0], new(*PasswordError)) {
		t.Errorf("%v: %v", changes, errs)
	}
}

// What goes over a network without encryption is said; loopback is none.
func TestExposed(t *testing.T) {
	t.Parallel()
	far, near := broker{addr: "kafka:9092"}, broker{addr: "127.0.0.1:9092"}
	created := []topicspec.Change{{Kind: topicspec.KindUser, Stage: topicspec.StageUsers}}
	const write = "credentials are written over SASL_PLAINTEXT to kafka:9092, which is not encrypted: whoever listens can log in as these users; connect by SASL_SSL or SSL"
	for _, test := range []struct {
		name     string
		protocol properties.Protocol
		changes  []topicspec.Change
		live     []broker
		want     []string
	}{
		{"written", properties.SASLPlaintext, created, []broker{near, far}, []string{write}},
		{"written without a login", "", created, []broker{far}, []string{strings.Replace(write, "SASL_PLAINTEXT", "PLAINTEXT", 1)}},
		{"encrypted", properties.SASLSSL, created, []broker{far}, nil},
		{"at home", properties.SASLPlaintext, created, []broker{near, {addr: "[::1]:9092"}, {addr: "localhost:9092"}}, nil},
		{"tried", properties.SASLPlaintext, nil, []broker{far}, []string{
			"passwords are tried over SASL_PLAINTEXT to kafka:9092, which is not encrypted: SCRAM does not send them, but whoever listens can guess at weak ones; connect by SASL_SSL",
		}},
		{"nothing", "", nil, []broker{far}, nil},
	} {
		k := New(kafka.Config{Security: kafka.Security{Protocol: test.protocol}}, nil, topicspec.DesiredAccess{}, Secrets{})
		k.trials.set(login{user: "a"}, verdict{password: 1})
		if diff := cmp.Diff(test.want, k.exposed(test.changes, Observation{live: test.live})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
