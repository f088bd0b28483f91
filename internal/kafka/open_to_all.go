package kafka

import (
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const openToAll = "allow.everyone.if.no.acl.found"

// SetsOpenToAll reports whether a broker sets allow.everyone.if.no.acl.found, of which brokers hide the value: what no ACL
// is about may be open to everybody then. One that does not set it denies that. The error is a [*DeniedError] for want of
// DescribeConfigs on the cluster.
func (c *Client) SetsOpenToAll(ctx context.Context, broker int32) (bool, error) {
	// All settings are asked for: the authorizer's own are no keys of Kafka's, by which it would filter.
	resp, err := ConfigsRequest(kmsg.ConfigResourceTypeBroker, []string{fmt.Sprint(broker)}).RequestWith(ctx, c.On(broker))
	if err == nil && len(resp.Resources) != 1 {
		err = fmt.Errorf("the broker answers about %d brokers", len(resp.Resources))
	}
	if err == nil {
		err = CodeError(kmsg.DescribeConfigs, "", resp.Resources[0].ErrorCode, resp.Resources[0].ErrorMessage)
	}
	if err != nil {
		return false, Wrap("describe the settings of the broker", err)
	}
	for _, setting := range resp.Resources[0].Configs {
		if setting.Name == openToAll {
			return true, nil
		}
	}
	return false, nil
}
