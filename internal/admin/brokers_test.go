package admin

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// One broker of KRaft makes the cluster one; what shows neither mode counts for nothing.
func TestMode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		offers [][]kmsg.Key // of each broker
		want   Mode
	}{
		{nil, ""},
		{[][]kmsg.Key{{kmsg.Metadata}}, ""},
		{[][]kmsg.Key{{kmsg.Metadata}, {kmsg.Metadata, kmsg.UpdateMetadata}}, ZooKeeper},
		{[][]kmsg.Key{{kmsg.Metadata, kmsg.DescribeQuorum}}, KRaft},
		{[][]kmsg.Key{{kmsg.UpdateMetadata}, {kmsg.DescribeQuorum}, {kmsg.UpdateMetadata}}, KRaft},
	} {
		var brokers []Broker
		for _, keys := range test.offers {
			resp := kmsg.NewPtrApiVersionsResponse()
			for _, key := range keys {
				resp.ApiKeys = append(resp.ApiKeys, kmsg.ApiVersionsResponseApiKey{ApiKey: key.Int16()})
			}
			brokers = append(brokers, Broker{mode: modeOf(resp)})
		}
		if got := modeOfAll(brokers); got != test.want {
			t.Errorf("%v: mode %q, want %q", test.offers, got, test.want)
		}
	}
}
