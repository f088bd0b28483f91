package main

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// Row 12: brokers that answer, and have nobody to act for them. Where brokers are their own
// controllers a real quorum is lost only with brokers, which then are what is told.
func TestNobodyActs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		arrange  func(cluster *kfake.Cluster)
		sentence string // after the address
		hint     string
	}{
		{
			"ZooKeeper's mode, none elected", func(cluster *kfake.Cluster) {
				addrs := cluster.ListenAddrs()
				cluster.ControlKey(kmsg.Metadata.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
					cluster.KeepControl()
					resp, _ := saidMetadata(req, addrs, kmsg.MetadataResponseTopic{}).(*kmsg.MetadataResponse)
					resp.ControllerID = -1
					return resp, nil, true
				})
			},
			`names no controller`, `none is elected yet; if it stays so, look at the brokers' logs for their ZooKeeper session`,
		},
		{
			"KRaft, no majority",
			func(cluster *kfake.Cluster) { kafkatest.OfferQuorum(cluster, func() kmsg.Response { return nil }) },
			`answers, but finds no controller to pass DescribeQuorum on to`,
			`a majority of the KRaft controllers must be up, and reachable for the brokers: look at their logs`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cluster, addrs := kafkatest.Fake(t)
			test.arrange(cluster)
			told{
				args: []string{"wait", "-b", addrs[0], "--timeout", "2s"}, code: exitTimeout, within: 2*time.Second + busy,
				stdout: []string{`^pass +K4 `, `^wait +K5 `, `^unasked +K6 `},
				stderr: []string{`^kafkactl: not ready after \S+: K5 a controller acts: ` + addrs[0] + ` ` + test.sentence + `$`, `^hint: ` + test.hint + `$`},
			}.check(t)
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
		want  told
	}{
		{"late", 700 * time.Millisecond, told{code: exitDone, within: 10 * time.Second, stdout: []string{`^11 topics: 11 created \((0\.[7-9]|[1-9]\.)\d+s\)$`}}},
		{"never", 0, told{
			code: exitTimeout, within: 2*time.Second + busy, stdout: []string{`^11 topics: 11 created \(\d\.\d\ds\)$`},
			stderr: []string{`^kafkactl: the topics are not usable on every broker: broker 1 \(127\.0\.0\.1:\d+\): topic "\S+": is not known there yet$`},
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
			test.want.args = []string{"apply", "-f", stackFile, "-b", fmt.Sprintf("%s,%s", addrs[0], addrs[1]), "--timeout", "2s"}
			if test.after > 0 {
				test.want.args[len(test.want.args)-1] = "10s"
			}
			test.want.check(t)
		})
	}
}

// ignorant is the Metadata of a broker that knows its cluster and no topic.
func ignorant(req kmsg.Request, addrs []string) kmsg.Response {
	resp, _ := saidMetadata(req, addrs, kmsg.MetadataResponseTopic{}).(*kmsg.MetadataResponse)
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
