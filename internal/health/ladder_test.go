package health

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		options Options
		want    string
	}{
		{"no broker", Options{}, "no broker address; the form is host:port, for example localhost:29092"},
		{"bad broker", Options{Brokers: []string{"http://kafka:9092"}}, `broker address "http://kafka:9092" has a scheme; write kafka:9092`},
		{"bad ZooKeeper", Options{Brokers: []string{"k:1"}, ZooKeeper: []string{"zk"}}, `ZooKeeper address "zk" has no port; the form is host:port, for example zk:2181`},
		{"broker with a chroot", Options{Brokers: []string{"k:1/kafka"}, ZooKeeper: []string{"zk:1/kafka"}}, `broker address "k:1/kafka" has a path; write k:1`},
		{"bad chroot", Options{ZooKeeper: []string{"zk:1/kafka/"}}, `ZooKeeper chroot "/kafka/" ends in a slash; the form is /name, for example localhost:2181/kafka`},
		{"chroot behind nothing", Options{ZooKeeper: []string{"zk:1", "/kafka"}}, `ZooKeeper address "" is empty; the form is host:port, for example localhost:2181`},
		{"chroot behind each", Options{ZooKeeper: []string{"y:1/kafka", "z:1/kafka"}}, `ZooKeeper address "y:1/kafka" has a chroot, which stands once, behind the last address; write y:1,z:1/kafka`},
		{"every bad address", Options{Brokers: []string{"a", "b:2", "c"}}, `broker address "a" has no port; the form is host:port, for example a:9092
broker address "c" has no port; the form is host:port, for example c:9092`},
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
