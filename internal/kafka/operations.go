package kafka

import (
	"context"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Operations decodes authorized operations (KIP-430): Kafka's names of them, such as
// DESCRIBE_CONFIGS, in order. It returns nil where the broker did not tell, and an empty list for
// none. An operation of a newer Kafka is its number.
func Operations(bits int32) []string {
	const untold = -1 << 31 // not asked for, or a broker that cannot tell
	if bits == untold {
		return nil
	}
	names := []string{}
	for code := range int8(31) {
		if bits&(1<<code) == 0 {
			continue
		}
		names = append(names, string(operations.word(kmsg.ACLOperation(code))))
	}
	slices.Sort(names)
	return names
}

// ClusterOperations asks a broker what the client may do with the cluster: see [Operations]. Brokers before 2.8 do
// not know the request.
func (c *Client) ClusterOperations(ctx context.Context, of kmsg.Requestor) ([]string, error) {
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeClusterAuthorizedOperations = true
	resp, err := req.RequestWith(ctx, of)
	if err == nil {
		err = CodeError(kmsg.DescribeCluster, "", resp.ErrorCode, resp.ErrorMessage)
	}
	if err != nil {
		return nil, err
	}
	return Operations(resp.ClusterAuthorizedOperations), nil
}

// Permitted is what a client may do with one topic or group.
type Permitted struct {
	Name       string
	Operations []string // see [Operations]; nil where Err says why they are not known
	Err        error    // a [*DeniedError] where brokers do not tell even whether it is there
}
