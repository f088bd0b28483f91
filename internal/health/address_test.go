package health

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddressFault(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"localhost:29092":            "",
		"127.0.0.1:9092":             "",
		"[::1]:9092":                 "",
		"kafka-1.internal:1":         "",
		"kafka:65535":                "",
		"":                           "is empty",
		"kafka":                      "has no port",
		"kafka:":                     "has no port",
		":9092":                      "has no host",
		"kafka:0":                    "has port 0, which is not in 1-65535",
		"kafka:65536":                "has port 65536, which is not in 1-65535",
		"kafka:-1":                   "has port -1, which is not in 1-65535",
		"kafka:99999999999999999999": "has port 99999999999999999999, which is not in 1-65535",
		"kafka:http":                 `has port "http", which is no number`,
		"a:9092,b:9092":              "holds a comma: give each address by itself",
		"http://kafka:9092":          "has a scheme",
		"PLAINTEXT://k:9092":         "has a scheme",
		"zookeeper:2181/kafka":       "has a path",
		"kafka :9092":                "has a space in it",
		"::1:9092":                   "has too many colons: an IPv6 address goes in brackets, as in [::1]:9092",
		"[::1]":                      "has too many colons: an IPv6 address goes in brackets, as in [::1]:9092",
		"[kafka:9092":                "has brackets that do not match",
	} {
		t.Run(addr, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, addressFault(addr)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options Options
		want    string
	}{
		{"no broker", Options{}, "no broker address; the form is host:port, for example localhost:29092"},
		{"bad broker", Options{Brokers: []string{"http://kafka:9092"}}, `broker address "http://kafka:9092" has a scheme; the form is host:port, for example localhost:29092`},
		{"bad ZooKeeper", Options{Brokers: []string{"k:1"}, ZooKeeper: []string{"zk"}}, `ZooKeeper address "zk" has no port; the form is host:port, for example localhost:2181`},
		{"broker with a chroot", Options{Brokers: []string{"k:1/kafka"}, ZooKeeper: []string{"zk:1/kafka"}}, `broker address "k:1/kafka" has a path; the form is host:port, for example localhost:29092`},
		{"bad chroot", Options{ZooKeeper: []string{"zk:1/kafka/"}}, `ZooKeeper chroot "/kafka/" ends in a slash; the form is /name, for example localhost:2181/kafka`},
		{"chroot behind nothing", Options{ZooKeeper: []string{"zk:1", "/kafka"}}, `ZooKeeper address "" is empty; the form is host:port, for example localhost:2181`},
		{"every bad address", Options{Brokers: []string{"a", "b:2", "c"}}, `broker address "a" has no port; the form is host:port, for example localhost:29092
broker address "c" has no port; the form is host:port, for example localhost:29092`},
		{"negative", Options{Brokers: []string{"a:1"}, Attempt: -1}, "a negative count or duration"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := New(test.options)
			if err == nil || err.Error() != test.want {
				t.Errorf("New: %v\nwant %s", err, strings.TrimSpace(test.want))
			}
		})
	}
}

// A server that is given twice is one of the ensemble, of which a majority must serve.
func TestServersGivenTwice(t *testing.T) {
	t.Parallel()
	l := ladder(t, Options{Brokers: []string{"a:1", "a:1"}, ZooKeeper: []string{"z:1", "z:1", "y:1/kafka"}})
	if diff := cmp.Diff([][]string{{"a:1"}, {"z:1", "y:1"}}, [][]string{l.brokers, l.zookeepers}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
