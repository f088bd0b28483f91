package embedded

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Requests are found however the stream is cut, with every form of header, and between others.
func TestRequestFollower(t *testing.T) {
	t.Parallel()
	named, nobody := kmsg.NewRequestFormatter(kmsg.FormatterClientID("app")), kmsg.NewRequestFormatter()
	produce := kmsg.NewPtrProduceRequest()
	produce.Version, produce.Topics = 9, []kmsg.ProduceRequestTopic{{Topic: "p", Partitions: []kmsg.ProduceRequestTopicPartition{{Records: make([]byte, 5000)}}}}
	long := metadataOf(true, slices.Repeat([]string{"a-name-of-some-length"}, mostKept/20)...)
	var stream []byte
	var want []string
	for version := range int16(14) {
		req := metadataOf(true, fmt.Sprintf("v%d", version))
		req.Version = version
		stream = append(stream, named.AppendRequest(nil, produce, 1)...)
		stream = append(stream, named.AppendRequest(nil, req, 2)...)
		stream = append(stream, nobody.AppendRequest(nil, req, 3)...)
		want = append(want, fmt.Sprintf("app v%d", version), fmt.Sprintf(" v%d", version))
	}
	stream = append(stream, named.AppendRequest(nil, long, 4)...)
	heartbeat := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	heartbeat.SubscribedTopicNames = []string{"subscribed"}
	stream = append(stream, named.AppendRequest(nil, heartbeat, 5)...)
	want = append(want, "app subscribed")
	for _, cut := range []int{1, 3, 4, 7, 1000, len(stream)} {
		var got []string
		f := requestFollower{found: func(client string, req kmsg.Request) {
			names, _ := namedTopics(req)
			got = append(got, client+" "+names[0])
		}}
		for part := range slices.Chunk(stream, cut) {
			f.follow(part)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("cut by %d (-want +got):\n%s", cut, diff)
		}
	}
}

// What is no request of Kafka's is not kept, and not taken for one.
func TestRequestFollowerGarbage(t *testing.T) {
	t.Parallel()
	for name, stream := range map[string]string{
		"HTTP":            "GET / HTTP/1.1\r\nHost: localhost:29092\r\n\r\n",
		"negative size":   "\xff\xff\xff\xff\x00\x03\x00\x0c",
		"too short":       "\x00\x00\x00\x02\x00\x03\x00\x00\x00\x09",
		"no body":         "\x00\x00\x00\x08\x00\x03\x00\x0c\x00\x00\x00\x01",
		"client id past":  "\x00\x00\x00\x0b\x00\x03\x00\x0c\x00\x00\x00\x01\x7f\xffx",
		"topics past":     "\x00\x00\x00\x0e\x00\x03\x00\x00\x00\x00\x00\x01\xff\xff\x7f\xff\xff\xff",
		"unknown version": "\x00\x00\x00\x0e\x00\x03\x7f\x00\x00\x00\x00\x01\xff\xff\x7f\xff\xff\xff",
	} {
		f := requestFollower{found: func(_ string, req kmsg.Request) { t.Errorf("%s: found %v", name, req) }}
		f.follow([]byte(stream))
		if len(f.kept) > len(stream) {
			t.Errorf("%s: %d bytes kept", name, len(f.kept))
		}
	}
}
