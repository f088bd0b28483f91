package zookeeper_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
	"kafkactl/internal/zookeeper"
)

// Kafka registers below its chroot; what it has not made, or no longer, is left out.
func TestRegistry(t *testing.T) {
	t.Parallel()
	type read struct {
		Registry zookeeper.Registry
		Error    string
	}
	kafka := func(znodes map[string]string) kafkatest.FakeZooKeeper {
		all := kafkatest.KafkaZnodes("abc", 2, map[int]string{11: "PLAINTEXT://k:3", 2: "PLAINTEXT://k:2"})
		for path, data := range znodes {
			all[path] = data
		}
		return kafkatest.FakeZooKeeper{Znodes: all}
	}
	brokers := []zookeeper.Registration{{ID: 2, Endpoints: []string{"PLAINTEXT://k:2"}}, {ID: 11, Endpoints: []string{"PLAINTEXT://k:3"}}}
	gone := kafka(map[string]string{"/brokers/ids/3": ""})
	gone.Errors = map[string]zookeeper.Code{"/brokers/ids/3": zookeeper.NoNode}
	for _, test := range []struct {
		name, chroot string
		server       kafkatest.FakeZooKeeper
		want         read
	}{
		{"healthy", "", kafka(nil), read{Registry: zookeeper.Registry{ClusterID: "abc", Controller: 2, Brokers: brokers}}},
		{"below a chroot", "/prod", kafkatest.FakeZooKeeper{Znodes: map[string]string{"/prod/brokers/ids": ""}}, read{Registry: zookeeper.Registry{Controller: -1}}},
		{"another root", "/prod", kafka(nil), read{Error: "/prod/brokers/ids: NoNode"}},
		{"a broker that went meanwhile", "", gone, read{Registry: zookeeper.Registry{ClusterID: "abc", Controller: 2, Brokers: brokers}}},
		{
			"migrating", "", kafka(map[string]string{"/controller": `{"version":2,"brokerid":3000,"kraftControllerEpoch":4}`}),
			read{Registry: zookeeper.Registry{ClusterID: "abc", Controller: 3000, Migrating: true, Brokers: brokers}},
		},
		{"not JSON", "", kafka(map[string]string{"/cluster/id": "abc"}), read{Error: "read /cluster/id: invalid character 'a' looking for beginning of value"}},
		{"not a broker's id", "", kafka(map[string]string{"/brokers/ids/x": ""}), read{Error: `read /brokers/ids: strconv.ParseInt: parsing "x": invalid syntax`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, _, _ := open(t, test.server)
			r, err := s.Registry(test.chroot)
			if diff := cmp.Diff(test.want, read{r, text(err)}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			s.Close(0)
		})
	}
}

// A host's name is the same in upper case, as brokers may register it, and in brackets it is an
// IPv6 address.
func TestRegistrationAdvertises(t *testing.T) {
	t.Parallel()
	r := zookeeper.Registration{ID: 1, Endpoints: []string{"PLAINTEXT://Kafka:9092", "HOST://[::1]:29092"}}
	want := map[string]bool{"kafka:9092": true, "[::1]:29092": true, "kafka:29092": false, "::1:29092": false, "PLAINTEXT://Kafka:9092": false}
	got := make(map[string]bool)
	for addr := range want {
		got[addr] = r.Advertises(addr)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// recording is a connection whose other side has said all that it will.
type recording struct {
	net.Conn
	io.Reader
}

func (r recording) Read(p []byte) (int, error) { return r.Reader.Read(p) }
func (recording) Write(p []byte) (int, error)  { return len(p), nil }
func (recording) SetDeadline(time.Time) error  { return nil }

// Whatever answers on a ZooKeeper port is taken for znodes or refused.
func FuzzRegistry(f *testing.F) {
	numbers := func(all ...uint32) (text []byte) {
		for _, n := range all {
			text = binary.BigEndian.AppendUint32(text, n)
		}
		return text
	}
	packet := func(body []byte) []byte { return append(numbers(uint32(len(body))), body...) }
	znode := func(number uint32, json string) []byte {
		return packet(append(numbers(number, 0, 0, 0), packet([]byte(json))...))
	}
	session := packet(numbers(0, 4000, 0, 1, 0))
	all := bytes.Join([][]byte{
		session, packet(append(numbers(1, 0, 0, 0, 1), packet([]byte("1"))...)), znode(2, `{"endpoints":["PLAINTEXT://[::1]:9092"]}`),
		znode(3, `{"id":"a"}`), znode(4, `{"brokerid":1,"kraftControllerEpoch":-1}`),
	}, nil)
	f.Add(all)
	f.Add(all[:len(all)/2])
	f.Add(bytes.Join([][]byte{session, packet(numbers(1, 0, 0, 0xffffff9b))}, nil)) // NoNode
	f.Add(bytes.Join([][]byte{session, packet(numbers(1, 0, 0, 0, 0x7fffffff))}, nil))
	f.Add(numbers(1<<20+1, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := zookeeper.Open(recording{Reader: bytes.NewReader(data)}, time.Second)
		if err != nil {
			return
		}
		r, err := s.Registry("/kafka")
		if refusal, refused := errors.AsType[zookeeper.Error](err); refused && refusal.Code == zookeeper.OK {
			t.Errorf("refused by code 0: %v", err)
		}
		if err != nil && r.Brokers != nil {
			t.Errorf("%+v, and %v", r, err)
		}
		s.Close(0)
	})
}
