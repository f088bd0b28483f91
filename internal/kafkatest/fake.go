package kafkatest

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Fake starts an in-process Kafka on free ports of 127.0.0.1, closed with tb, and returns it with
// its addresses. It has one broker unless opts say otherwise. It needs nothing on the machine and
// takes milliseconds, but it accepts almost anything: what depends on a broker's judgement (names,
// configs, reassignment) is for Start and Shared.
func Fake(tb testing.TB, opts ...kfake.Opt) (*kfake.Cluster, []string) {
	tb.Helper()
	cluster, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1)}, opts...)...)
	if err != nil {
		tb.Fatalf("start a fake cluster: %v", err)
	}
	tb.Cleanup(cluster.Close)
	return cluster, cluster.ListenAddrs()
}

// ChangesTopics reports whether a request changes topics when it succeeds: a read does not, nor a
// request that only validates.
func ChangesTopics(req kmsg.Request) bool {
	switch r := req.(type) {
	case *kmsg.CreateTopicsRequest:
		return !r.ValidateOnly
	case *kmsg.CreatePartitionsRequest:
		return !r.ValidateOnly
	case *kmsg.IncrementalAlterConfigsRequest:
		return !r.ValidateOnly
	case *kmsg.AlterConfigsRequest:
		return !r.ValidateOnly
	case *kmsg.DeleteTopicsRequest:
		return true
	default:
		return false
	}
}

// ChangesAccess reports whether a request changes users, ACLs or quotas when it succeeds: a request that only validates
// does not.
func ChangesAccess(req kmsg.Request) bool {
	switch r := req.(type) {
	case *kmsg.CreateACLsRequest, *kmsg.DeleteACLsRequest, *kmsg.AlterUserSCRAMCredentialsRequest:
		return true
	case *kmsg.AlterClientQuotasRequest:
		return !r.ValidateOnly
	default:
		return false
	}
}
