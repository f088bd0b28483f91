package embedded_test

import (
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/embedded"
)

// A request ends the process of kfake, or takes memory for whatever size it names. A broker ends the
// connection.
func TestNotKafka(t *testing.T) {
	t.Parallel()
	unknown := binary.BigEndian.AppendUint32(nil, 8)
	unknown = append(unknown, 0x7f, 0x7f, 0, 0, 0, 0, 0, 1)
	tests := []struct{ name, sent string }{
		{"HTTP", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
		{"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"},
		{"no size", "\x00\x00\x00\x00"},
		{"negative size", "\xff\xff\xff\xff"},
		{"more than socket.request.max.bytes", "\x06\x40\x00\x01"},
		{"unknown kind", string(unknown)},
	}
	addr := start(t, embedded.Config{Brokers: 1}).Addrs()[0]
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, addr)
			if _, err := io.WriteString(c.conn, test.sent); err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(c.conn); len(got) > 0 {
				t.Errorf("answered %q", got)
			}
			mustAsk[*kmsg.MetadataResponse](dial(t, addr), 1, kmsg.NewPtrMetadataRequest())
		})
	}
}

// kfake still has what frameReader keeps from it.
func TestUnknownKindEndsKfake(t *testing.T) {
	t.Parallel()
	const child = "KAFKACTL_TEST_UNKNOWN_KIND"
	if os.Getenv(child) != "" {
		c := dial(t, startPlain(t))
		_, _ = c.conn.Write([]byte{0, 0, 0, 8, 0x7f, 0x7f, 0, 0, 0, 0, 0, 1})
		<-t.Context().Done() // the process ends before
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestUnknownKindEndsKfake$", "-test.timeout=10s")
	cmd.Env = append(os.Environ(), child+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "nil pointer dereference") {
		t.Errorf("kfake does it right: no longer needed: remove the check of frameReader\n%v\n%s", err, out)
	}
}

// Requests are followed however they are cut, and answers find their request behind those that have
// none (acks=0).
func TestCutRequests(t *testing.T) {
	t.Parallel()
	var stream []byte
	for correlation := range int32(3) {
		req := kmsg.NewPtrCreateTopicsRequest()
		req.SetVersion(7)
		topic := kmsg.NewCreateTopicsRequestTopic()
		topic.Topic, topic.NumPartitions, topic.ReplicationFactor = strings.Repeat("t", int(correlation)+1), 1, 1
		req.Topics = append(req.Topics, topic)
		formatter := kmsg.NewRequestFormatter(kmsg.FormatterClientID("client"))
		stream = append(stream, formatter.AppendRequest(nil, req, correlation)...)
	}
	for _, size := range []int{1, 2, 3, 5, 7, 11, 13, 64, len(stream)} {
		c := dial(t, start(t, embedded.Config{Brokers: 1}).Addrs()[0])
		for part := range slices.Chunk(stream, size) {
			if _, err := c.conn.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		for correlation := range int32(3) {
			body, err := c.read()
			if err != nil {
				t.Fatal(err)
			}
			resp := kmsg.NewPtrCreateTopicsResponse()
			resp.SetVersion(7)
			if err := resp.ReadFrom(body[5:]); err != nil {
				t.Fatal(err)
			}
			if got := int32(binary.BigEndian.Uint32(body)); got != correlation || resp.Topics[0].Configs == nil {
				t.Errorf("cut at %d: answer %d to request %d: %+v", size, got, correlation, resp.Topics)
			}
		}
	}
}

// Every kind of request in every version has an answer that can be read, and none ends the process.
func TestEveryVersion(t *testing.T) {
	t.Parallel()
	addr := start(t, embedded.Config{Brokers: 1, Advertise: embedded.Endpoint{Host: "localhost"}}).Advertised()[0]
	versions := mustAsk[*kmsg.ApiVersionsResponse](dial(t, addr), 0, kmsg.NewPtrApiVersionsRequest())
	for _, key := range versions.ApiKeys {
		for version := key.MinVersion; version <= key.MaxVersion; version++ {
			req := kmsg.RequestForKey(key.ApiKey)
			if produce, ok := req.(*kmsg.ProduceRequest); ok {
				produce.Acks = -1 // 0 asks for no answer
			}
			mustAsk[kmsg.Response](dial(t, addr), version, req)
		}
	}
}

// A key is unknown by its name exactly where it has no request.
func TestUnknownKey(t *testing.T) {
	t.Parallel()
	for key := int16(-2); key < 1000; key++ {
		if named, known := kmsg.NameForKey(key) != "Unknown", kmsg.RequestForKey(key) != nil; named != known {
			t.Errorf("%d: named %v, known %v", key, named, known)
		}
	}
}

// Answers with records are not copied, nor is memory set aside for them.
func TestPassThrough(t *testing.T) {
	for _, key := range []kmsg.Key{kmsg.Produce, kmsg.Fetch, kmsg.ShareFetch} {
		if allocs := testing.AllocsPerRun(100, embedded.PassThrough(t, key)); allocs > 0 {
			t.Errorf("%s: %v allocations", key.Name(), allocs)
		}
	}
}
