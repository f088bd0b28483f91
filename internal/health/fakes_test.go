package health

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// The bounds the tests give a question: unhurried where it will be answered, so that a busy machine
// changes nothing; attempt where it will not be, so that it can be waited for; patient where the
// answer comes after half of it; and busy, what a busy machine may add to any of them.
const (
	unhurried = 10 * time.Second
	patient   = 3 * time.Second
	attempt   = 400 * time.Millisecond
	busy      = 2 * time.Second
)

// serve runs a scripted server, one goroutine a connection, and returns its address.
func serve(t *testing.T, script func(net.Conn)) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				script(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// sessions is a scripted ZooKeeper, and a channel that receives of each session whether its client
// ended it.
func sessions(t *testing.T, z kafkatest.FakeZooKeeper) (addr string, ended <-chan bool) {
	t.Helper()
	ends := make(chan bool, 100)
	return serve(t, func(conn net.Conn) {
		if begun, ended := z.Serve(conn); begun {
			ends <- ended
		}
	}), ends
}

func zooKeeper(t *testing.T, z kafkatest.FakeZooKeeper) string {
	t.Helper()
	addr, _ := sessions(t, z)
	return addr
}

// silent reads and never answers.
func silent(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// closes reads what was asked and hangs up; without reading first, the client would see a reset as
// often as an end.
func closes(conn net.Conn) { _, _ = conn.Read(make([]byte, 512)) }

// says answers anything with text and hangs up.
func says(text string) func(net.Conn) {
	return func(conn net.Conn) {
		closes(conn)
		_, _ = io.WriteString(conn, text)
	}
}

// refusing is an address that refuses connections. Its port is bound, and never listened on, until
// the test ends: a port that was only free for a moment is soon another test's.
func refusing(t *testing.T) string {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
}

func fakeKafka(t *testing.T, opts ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	cluster, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.ClusterID("cluster-a")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return cluster
}

// control changes the answers to one kind of request for the life of the cluster.
func control(cluster *kfake.Cluster, key kmsg.Key, answer func(kmsg.Request) kmsg.Response) {
	cluster.ControlKey(key.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := answer(req)
		return resp, nil, resp != nil
	})
}

func ladder(t *testing.T, o Options) *Ladder {
	t.Helper()
	if o.Attempt == 0 {
		o.Attempt = unhurried
	}
	l, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// finding is a rung of r.
func finding(t *testing.T, r Readiness, rung string) Finding {
	t.Helper()
	for _, f := range r.Rungs {
		if f.Rung == rung {
			return f
		}
	}
	t.Fatalf("no rung %s in %v", rung, r.Rungs)
	return Finding{}
}

// wantFinding compares what a person reads of a rung.
func wantFinding(t *testing.T, want, got Finding) {
	t.Helper()
	ignored := cmp.Options{cmpopts.IgnoreFields(Finding{}, "Took", "Err", "Question", "Hint", "HintID"), cmpopts.IgnoreUnexported(Finding{})}
	if diff := cmp.Diff(want, got, ignored); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	if held := got.Verdict.Holds() && got.Verdict != Warn || got.Verdict == Unasked; held != (got.Hint == "") || held != (got.HintID == "") || held != (got.Err == nil) {
		t.Errorf("%s %s: hint %q, err %v: a rung that was asked and does not hold has both, another has neither", got.Rung, got.Verdict, got.Hint, got.Err)
	}
}

// wantHint compares a finding's hint, by its id and what stands in its places:
// testdata/hints.golden has the sentences.
func wantHint(t *testing.T, want hint, got Finding) {
	t.Helper()
	if diff := cmp.Diff(want, hint{got.HintID, got.Hint}, cmp.AllowUnexported(hint{})); diff != "" {
		t.Errorf("%s: hint (-want +got):\n%s", got.Rung, diff)
	}
}

// selfSigned is a server configuration whose certificate nobody trusts, and the pool that does.
func selfSigned(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "broker"},
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func trusting(pool *x509.CertPool) []kgo.Opt {
	return []kgo.Opt{kgo.DialTLSConfig(&tls.Config{RootCAs: pool})}
}

func background(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// describe rewrites what a cluster says in Metadata.
func describe(cluster *kfake.Cluster, change func(*kmsg.MetadataResponse)) {
	addrs := cluster.ListenAddrs()
	control(cluster, kmsg.Metadata, func(req kmsg.Request) kmsg.Response {
		resp := kmsg.NewPtrMetadataResponse()
		resp.Version = req.GetVersion()
		resp.ClusterID = kmsg.StringPtr("cluster-a")
		for id, addr := range addrs {
			resp.Brokers = append(resp.Brokers, metadataBroker(int32(id), addr))
		}
		change(resp)
		return resp
	})
}

func metadataBroker(id int32, addr string) kmsg.MetadataResponseBroker {
	b := kmsg.NewMetadataResponseBroker()
	host, port, _ := strings.Cut(addr, ":")
	b.NodeID, b.Host = id, host
	_, _ = fmt.Sscan(port, &b.Port)
	return b
}

// fault is a cluster with something wrong, and the finding that says so; ADDR is its first address.
type fault struct {
	name    string
	options Options
	arrange func(*kfake.Cluster)
	want    Finding
}

func (f fault) test(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t)
	if f.arrange != nil {
		f.arrange(cluster)
	}
	f.options.Brokers = cluster.ListenAddrs()
	r := ladder(t, f.options).Climb(t.Context())
	f.want.Evidence = strings.ReplaceAll(f.want.Evidence, "ADDR", cluster.ListenAddrs()[0])
	wantFinding(t, f.want, finding(t, r, f.want.Rung))
}
