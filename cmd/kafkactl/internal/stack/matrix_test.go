package stack

import (
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// Row 12: brokers that answer, and have nobody to act for them. Where brokers are their own
// controllers a real quorum is lost only with brokers, which are then what is reported.
func TestNobodyActs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		arrange func(cluster *kfake.Cluster)
		docs    string
	}{
		{
			name: "ZooKeeper's mode, none elected", arrange: func(cluster *kfake.Cluster) {
				addrs := cluster.ListenAddrs()
				cluster.ControlKey(kmsg.Metadata.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
					cluster.KeepControl()
					resp, _ := clitest.SaidMetadata(req, addrs, kmsg.MetadataResponseTopic{}).(*kmsg.MetadataResponse)
					resp.ControllerID = -1
					return resp, nil, true
				})
			},
			docs: "no-controller",
		},
		{
			name:    "KRaft, no majority",
			arrange: func(cluster *kfake.Cluster) { kafkatest.OfferQuorum(cluster, func() kmsg.Response { return nil }) },
			docs:    "kraft-without-quorum",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster, addrs := kafkatest.Fake(t)
			test.arrange(cluster)
			clitest.Told{
				Args: []string{"wait", "-b", addrs[0], "--timeout", "2s"}, Code: cli.ExitTimeout, Within: 2*time.Second + clitest.Busy,
				Stdout: []string{`^pass +K4 `, `^wait +K5 `, `^unasked +K6 `},
				Stderr: []string{`^kafkactl: not ready after \S+: K5 .*` + addrs[0]},
				Docs:   test.docs,
			}.Check(t)
		})
	}
}

// Row 14: a topic is made, and one of the brokers does not know it yet: apply ends well
// only once it does, and names it when it never does.
func TestTopicsReachEveryBroker(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		after time.Duration // when broker 1 learns of the topics; 0: never
		want  clitest.Told
	}{
		{"late", 700 * time.Millisecond, clitest.Told{Code: cli.ExitDone, Within: 10 * time.Second, Stdout: []string{`^11 topics: 11 created \((0\.[7-9]|[1-9]\.)\d+s\)$`}}},
		{"never", 0, clitest.Told{
			Code: cli.ExitTimeout, Within: 2*time.Second + clitest.Busy, Stdout: []string{`^11 topics: 11 created \(\d\.\d\ds\)$`},
			Stderr: []string{`broker 1 \(127\.0\.0\.1:\d+\)`}, Docs: "topic-not-known-yet",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster, addrs := kafkatest.Fake(t, kfake.NumBrokers(2))
			var learnt atomic.Bool
			cluster.ControlKey(kmsg.CreateTopics.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				if test.after > 0 && kafkatest.ChangesTopics(req) {
					time.AfterFunc(test.after, func() { learnt.Store(true) })
				}
				return nil, nil, false
			})
			cluster.ControlKey(kmsg.Metadata.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				if cluster.CurrentNode() != 1 || learnt.Load() {
					return nil, nil, false
				}
				return ignorant(req, addrs), nil, true
			})
			test.want.Args = []string{"apply", "-f", clitest.StackFile(), "-b", fmt.Sprintf("%s,%s", addrs[0], addrs[1]), "--timeout", "2s"}
			if test.after > 0 {
				test.want.Args[len(test.want.Args)-1] = "10s"
			}
			test.want.Check(t)
		})
	}
}

// A topic is deleted, and one of the brokers shows it for ever: delete does not end well.
func TestTopicStaysOnABroker(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t, kfake.NumBrokers(2), kfake.SeedTopics(1, "stays"))
	stays := kmsg.NewMetadataResponseTopic()
	stays.Topic = kmsg.StringPtr("stays")
	partition := kmsg.NewMetadataResponseTopicPartition()
	partition.Replicas, partition.ISR = []int32{0}, []int32{0}
	stays.Partitions = append(stays.Partitions, partition)
	cluster.ControlKey(kmsg.Metadata.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if cluster.CurrentNode() != 1 {
			return nil, nil, false
		}
		return clitest.SaidMetadata(req, addrs, stays), nil, true
	})
	cluster.ControlKey(kmsg.DescribeConfigs.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		asked, _ := req.(*kmsg.DescribeConfigsRequest)
		if cluster.CurrentNode() != 1 || asked.Resources[0].ResourceType != kmsg.ConfigResourceTypeTopic {
			return nil, nil, false
		}
		resp := kmsg.NewPtrDescribeConfigsResponse()
		resp.Version = req.GetVersion()
		known := kmsg.NewDescribeConfigsResponseResource()
		known.ResourceType, known.ResourceName = kmsg.ConfigResourceTypeTopic, "stays"
		resp.Resources = append(resp.Resources, known)
		return resp, nil, true
	})
	clitest.Told{
		Args: []string{"delete", "stays", "--yes", "-b", addrs[0], "--timeout", "2s"}, Code: cli.ExitTimeout, Within: 2*time.Second + clitest.Busy,
		Docs: "topic-still-there",
	}.Check(t)
}

// A broker that is frozen once it has said what it speaks, and one that closes then.
func TestNothingAfterApiVersions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer error // closes the connection
		want   clitest.Told
	}{
		{"frozen", nil, clitest.Told{Docs: "broker-says-nothing"}},
		{"closed", io.EOF, clitest.Told{Docs: "broker-closes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster, addrs := kafkatest.Fake(t)
			cluster.ControlKey(kmsg.Metadata.Int16(), func(kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				return nil, test.answer, true
			})
			test.want.Args = []string{"wait", "-b", addrs[0], "--timeout", "2s"}
			test.want.Code, test.want.Within = cli.ExitTimeout, 2*time.Second+clitest.Busy
			test.want.Check(t)
		})
	}
}

// A broker that has just started, and no producer can begin.
func TestNoProducerID(t *testing.T) {
	t.Parallel()
	cluster, addrs := kafkatest.Fake(t)
	cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.InitProducerID}, Count: -1, Err: kerr.CoordinatorLoadInProgress})
	clitest.Told{
		Args: []string{"wait", "-b", addrs[0], "--timeout", "2s"}, Code: cli.ExitTimeout, Within: 2*time.Second + clitest.Busy,
		Docs: "no-producer-id",
	}.Check(t)
}

// Two clusters take turns behind one address.
func TestTwoClustersBehindOneAddress(t *testing.T) {
	t.Parallel()
	_, one := kafkatest.Fake(t)
	_, two := kafkatest.Fake(t, kfake.ClusterID("another"))
	balancer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = balancer.Close() })
	var accepted atomic.Int64
	go clitest.Each(balancer, func(conn net.Conn) { clitest.PassOn([]string{one[0], two[0]}[accepted.Add(1)%2])(conn) })
	clitest.Told{
		Args: []string{"health", "-b", balancer.Addr().String()}, Code: cli.ExitCondition, Within: 2 * clitest.Busy,
		Docs: "two-clusters-one-address",
	}.Check(t)
}

// ignorant is the Metadata of a broker that knows its cluster and no topic.
func ignorant(req kmsg.Request, addrs []string) kmsg.Response {
	resp, _ := clitest.SaidMetadata(req, addrs, kmsg.MetadataResponseTopic{}).(*kmsg.MetadataResponse)
	resp.Topics = nil
	if asked, ok := req.(*kmsg.MetadataRequest); ok {
		for _, topic := range asked.Topics {
			unknown := kmsg.NewMetadataResponseTopic()
			unknown.Topic, unknown.ErrorCode = topic.Topic, kerr.UnknownTopicOrPartition.Code
			resp.Topics = append(resp.Topics, unknown)
		}
	}
	return resp
}
