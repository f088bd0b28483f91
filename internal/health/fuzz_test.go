package health

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/zookeeper"
)

// recording is a connection whose other side has said all that it will.
type recording struct {
	net.Conn
	io.Reader
}

func (r recording) Read(p []byte) (int, error) { return r.Reader.Read(p) }
func (recording) Write(p []byte) (int, error)  { return len(p), nil }
func (recording) SetDeadline(time.Time) error  { return nil }
func replay(data []byte) net.Conn              { return recording{Reader: bytes.NewReader(data)} }
func packet(body ...byte) []byte               { return append(numbers(uint32(len(body))), body...) }

func numbers(all ...uint32) (text []byte) {
	for _, n := range all {
		text = binary.BigEndian.AppendUint32(text, n)
	}
	return text
}

// Whatever answers on a Kafka port is taken for a reply or refused in one line; nothing is read
// beyond maxReply. DescribeQuorum, which only a broker that has answered the others is asked, is
// not fuzzed: kmsg reads as many tags as an answer claims to have, of which a few bytes may claim
// billions.
func FuzzWire(f *testing.F) {
	version := kmsg.NewPtrApiVersionsResponse()
	version.ApiKeys = []kmsg.ApiVersionsResponseApiKey{{ApiKey: keyDescribeQuorum}}
	metadata := kmsg.NewPtrMetadataResponse()
	metadata.Version, metadata.ClusterID = 4, kmsg.StringPtr("cluster-a")
	metadata.Brokers = []kmsg.MetadataResponseBroker{metadataBroker(-1, ":0"), metadataBroker(2, "::1")}
	for _, resp := range []kmsg.Response{version, metadata} {
		body := resp.AppendTo(numbers(1))
		f.Add(packet(body...))
		f.Add(packet(body[:len(body)/2]...))
		f.Add(packet(body...)[:len(body)/2])
	}
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Add(numbers(maxReply+1, 1, 0))
	f.Add(numbers(10, 1, 0x00007fff, 0xffff0000))
	f.Fuzz(func(t *testing.T, data []byte) {
		look := kafka.MetadataRequest([]string{})
		look.SetVersion(4)
		for _, req := range []kmsg.Request{kmsg.NewPtrApiVersionsRequest(), look} {
			resp, err := newWire(replay(data), "kafkactl").ask(req)
			if (resp == nil) == (err == nil) {
				t.Fatalf("answer %v, error %v", resp, err)
			}
			if answered, is := resp.(*kmsg.MetadataResponse); is && err == nil {
				v := newBrokerView("a:1", answered)
				_ = v.ids() + disagreement(brokerView{}, v)
				_ = sharedAddresses(advertised([]brokerView{v}))
			}
			if err != nil && strings.Contains(symptom(err), "\n") {
				t.Errorf("%q is more than one line", symptom(err))
			}
		}
		body, err := newWire(replay(data), "").read()
		if len(body) > 4+maxReply || err == nil && len(body) > len(data) {
			t.Errorf("%d bytes read of %d: %v", len(body), len(data), err)
		}
	})
}

// Whatever ZooKeeper shows is put into words, and only a mode makes it serve.
func FuzzZooKeeper(f *testing.F) {
	f.Add("Zookeeper version: 3.8.4-9316c2a, built on 2024-02-12\nLatency min/avg/max: 0/0.0/0\nMode: standalone\n", "a", int32(1), "PLAINTEXT://[::1]:9092")
	f.Add("Mode:", "", int32(-1), "")
	f.Fuzz(func(t *testing.T, text, clusterID string, id int32, endpoint string) {
		a := serving(zookeeper.Srvr(replay([]byte(text))))
		if a.verdict.Holds() && !strings.Contains(text, "Mode:") || !a.verdict.Holds() && (a.evidence == "" || a.err == nil) {
			t.Errorf("%+v of %q", a, text)
		}
		broker := zookeeper.Registration{ID: id, Endpoints: []string{endpoint}}
		r := registry{zookeeper.Registry{ClusterID: clusterID, Controller: id, Brokers: []zookeeper.Registration{broker}}}
		_ = r.String()
		for _, a := range []answer{r.explain([]string{"[::1]:9092"}, true), r.explain(nil, false), r.compare([]brokerView{{addr: "a:1"}})} {
			if a.evidence == "" || a.verdict.Holds() != (a.err == nil) {
				t.Errorf("%+v of %+v", a, r)
			}
		}
	})
}
