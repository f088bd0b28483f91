package kafkatest

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// OfferQuorum makes a fake look like KRaft: it offers DescribeQuorum in ApiVersions and answers it;
// a nil answer is none at all.
func OfferQuorum(cluster *kfake.Cluster, answer func() kmsg.Response) {
	cluster.ControlKey(kmsg.ApiVersions.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := kmsg.NewPtrApiVersionsResponse()
		resp.Version = min(req.GetVersion(), 4)
		if req.GetVersion() > 4 {
			resp.Version, resp.ErrorCode = 0, kerr.UnsupportedVersion.Code
		}
		for key, version := range map[kmsg.Key]int16{kmsg.ApiVersions: 4, kmsg.Metadata: 12, kmsg.DescribeQuorum: 1, kmsg.DescribeCluster: 2, kmsg.DescribeConfigs: 4, kmsg.InitProducerID: 4} {
			resp.ApiKeys = append(resp.ApiKeys, kmsg.ApiVersionsResponseApiKey{ApiKey: key.Int16(), MaxVersion: version})
		}
		return resp, nil, true
	})
	cluster.ControlKey(kmsg.DescribeQuorum.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		resp := answer()
		if resp != nil {
			resp.SetVersion(req.GetVersion())
		}
		return resp, nil, true
	})
}
