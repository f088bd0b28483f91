package certificates

import (
	"crypto/x509"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const day = 24 * time.Hour

func instant() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }

// request is a node and a client, for a year.
func request() Request {
	return Request{
		Nodes:   []Node{{"kafka-1", []string{"kafka-1", "localhost", "127.0.0.1", "::1"}}},
		Clients: []string{"admin"}, Lifetime: 365 * day, RenewBefore: 30 * day, Dir: "/certs",
	}
}

// made plans, and puts what it says in the place of what was found.
func made(t *testing.T, r Request, found map[string]Found, now time.Time) map[string]Found {
	t.Helper()
	if err := r.Problem(); err != nil {
		t.Fatal(err)
	}
	files, err := Plan(r, found, now)
	if err != nil {
		t.Fatal(err)
	}
	after := map[string]Found{}
	maps.Copy(after, found)
	for _, file := range files {
		if file.Content != nil {
			after[file.Name] = Found{file.Content, true}
		}
	}
	return after
}

// states returns what a plan says of each file, and why.
func states(t *testing.T, r Request, found map[string]Found, now time.Time) map[string]string {
	t.Helper()
	files, err := Plan(r, found, now)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, file := range files {
		got[file.Name] = strings.TrimSuffix(string(file.State)+": "+file.Reason, ": ")
	}
	return got
}

// wrong is one way in which what is there can be wrong.
type wrong struct {
	name    string
	change  func(r *Request, found map[string]Found)
	after   time.Duration
	changed map[string]string
}

// whole is the same state for the three files of a certificate.
func whole(name, state string) map[string]string {
	return map[string]string{name + ".pem": state, name + ".crt": state, name + ".key": state}
}

func both(state string) map[string]string {
	changed := whole("kafka-1", state)
	maps.Copy(changed, whole("admin", state))
	return changed
}

func faults(t *testing.T) []wrong {
	t.Helper()
	return []wrong{
		{name: "nothing"},
		{name: "a day before the time to renew", after: 334 * day},
		{name: "ends soon", after: 336 * day, changed: both("renewed: ends on 2027-11-30")},
		{name: "expired", after: 400 * day, changed: both("renewed: expired on 2027-11-30")},
		{name: "before its time", after: -2 * time.Hour, change: func(_ *Request, found map[string]Found) {
			ca := made(t, request(), nil, instant().Add(-10*day))
			later := made(t, request(), map[string]Found{"ca.key": ca["ca.key"], "ca.crt": ca["ca.crt"]}, instant())
			maps.Copy(found, later)
		}, changed: both("renewed: not valid before 2026-11-30")},
		{name: "another host", change: func(r *Request, _ map[string]Found) {
			r.Nodes[0].Hosts = []string{"kafka-1", "localhost"}
		}, changed: whole("kafka-1", "renewed: its names are 127.0.0.1, ::1, kafka-1, localhost")},
		{name: "the same hosts otherwise", change: func(r *Request, _ map[string]Found) {
			r.Nodes[0].Hosts = []string{"0:0:0:0:0:0:0:1", "LOCALHOST", "127.0.0.1", "kafka-1", "kafka-1"}
		}},
		{name: "a client that becomes a node", change: func(r *Request, _ map[string]Found) {
			r.Clients, r.Nodes = nil, append(r.Nodes, Node{"admin", []string{"admin"}})
		}, changed: map[string]string{
			"admin.pem": "renewed: it has no names", "admin.crt": "renewed: it has no names", "admin.key": "renewed: it has no names", "admin.properties": "",
		}},
		{name: "another CA", change: func(_ *Request, found map[string]Found) {
			other := made(t, request(), nil, instant())
			found["ca.key"], found["ca.crt"] = other["ca.key"], other["ca.crt"]
		}, changed: both("renewed: not issued by this CA")},
		{name: "another key", change: func(_ *Request, found map[string]Found) {
			pem := string(found["admin.key"].Content) + string(found["kafka-1.crt"].Content)
			found["admin.pem"] = Found{[]byte(pem), true}
		}, changed: whole("admin", "renewed: the key is not that of the certificate")},
		{name: "cut short", change: func(_ *Request, found map[string]Found) {
			found["admin.pem"] = Found{found["admin.pem"].Content[:100], true}
		}, changed: whole("admin", "renewed: no private key in PEM")},
		{name: "lost", change: func(_ *Request, found map[string]Found) {
			delete(found, "admin.key")
			delete(found, "kafka-1.crt")
		}, changed: map[string]string{"admin.key": "created", "kafka-1.crt": "created"}},
		{name: "an old part", change: func(_ *Request, found map[string]Found) {
			found["admin.key"] = Found{found["kafka-1.key"].Content, true}
		}, changed: map[string]string{"admin.key": "renewed: not that of admin.pem"}},
		{name: "edited settings", change: func(_ *Request, found map[string]Found) {
			found["admin.properties"] = Found{Content: []byte("client.id=x\n")}
		}, changed: map[string]string{"admin.properties": "kept: edited: left as it is"}},
		{name: "another directory", change: func(r *Request, _ map[string]Found) {
			r.Dir = "/elsewhere"
		}, changed: map[string]string{"admin.properties": "renewed: the directory was another one"}},
		{name: "the CA ends soon", after: (10*365 - 20) * day, changed: map[string]string{"ca.crt": "renewed: ends on 2036-11-27"}},
	}
}

// Every way in which what is there can be wrong has its reason, and touches no other holder's files.
func TestPlanRenews(t *testing.T) {
	t.Parallel()
	kept := map[string]string{
		"ca.key": "kept", "ca.crt": "kept", "kafka-1.pem": "kept", "kafka-1.crt": "kept", "kafka-1.key": "kept",
		"admin.pem": "kept", "admin.crt": "kept", "admin.key": "kept", "admin.properties": "kept",
	}
	for _, test := range faults(t) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := request()
			if test.name == "the CA ends soon" {
				r.Lifetime = 36500 * day
			}
			found := made(t, r, nil, instant())
			if test.change != nil {
				test.change(&r, found)
			}
			want := maps.Clone(kept)
			for name, state := range test.changed {
				if want[name] = state; state == "" {
					delete(want, name)
				}
			}
			if test.name == "the CA ends soon" { // nothing that it issues is valid for longer than it was
				maps.Copy(want, both("renewed: ends on 2036-11-27"))
			}
			now := instant().Add(test.after)
			if diff := cmp.Diff(want, states(t, r, found, now)); diff != "" {
				t.Fatal("-want +got:\n" + diff)
			}
			again := made(t, r, found, now)
			for name, state := range states(t, r, again, now) {
				if !strings.HasPrefix(state, "kept") {
					t.Errorf("%s, made a moment ago: %s", name, state)
				}
			}
		})
	}
}

// A renewed CA has the key, subject and key identifier of the old one: what either issued is valid
// with both, so that certificates and truststores may change at different times.
func TestRenewedCA(t *testing.T) {
	t.Parallel()
	r := request()
	old := made(t, r, nil, instant())
	now := instant().Add((10*365 - 20) * day)
	renewed := made(t, r, old, now)
	for _, ca := range []map[string]Found{old, renewed} {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(ca["ca.crt"].Content)
		chain, err := parseCertificates(renewed["admin.crt"].Content)
		if err != nil {
			t.Fatal(err)
		}
		_, err = chain[0].Verify(x509.VerifyOptions{Roots: pool, CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
		if err != nil {
			t.Error(err)
		}
	}
	was, _ := parseCertificates(old["ca.crt"].Content)
	is, _ := parseCertificates(renewed["ca.crt"].Content)
	if diff := cmp.Diff(was[0].SubjectKeyId, is[0].SubjectKeyId); diff != "" || was[0].Equal(is[0]) {
		t.Errorf("key identifier of the renewed CA: %s", diff)
	}
}

// What others made is named whole, and nothing is planned.
func TestForeignFiles(t *testing.T) {
	t.Parallel()
	r := request()
	r.PKCS12, r.Password = true, "correct-horse"
	found := map[string]Found{"admin.pem": {Content: []byte("x")}, "truststore.p12": {Content: []byte{}}}
	_, err := Plan(r, found, instant())
	foreign, is := errors.AsType[*ForeignError](err)
	if !is {
		t.Fatalf("%v, want a ForeignError", err)
	}
	if diff := cmp.Diff([]string{"truststore.p12", "admin.pem"}, foreign.Files); diff != "" {
		t.Error("-want +got:\n" + diff)
	}
}
