package health

import (
	"context"
	"net"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// brokerView is what one address says of the cluster.
type brokerView struct {
	addr       string
	clusterID  string
	controller int32
	brokers    []broker // by id
	err        error    // it did not answer; the rest is empty then

	quorum    *kmsg.DescribeQuorumResponse // what a brief look asked beside, in KRaft mode
	quorumErr error
}

// broker is one live broker, as Metadata lists it.
type broker struct {
	id   int32
	addr string // advertised, for the listener that was asked
}

// ids returns "1, 2, 3".
func (v brokerView) ids() string {
	ids := make([]int32, len(v.brokers))
	for i, b := range v.brokers {
		ids[i] = b.id
	}
	return kafka.JoinIDs(ids)
}

func (v brokerView) lists(id int32) bool {
	return slices.ContainsFunc(v.brokers, func(b broker) bool { return b.id == id })
}

// metadata asks the broker at addr which brokers live.
func (l *Ladder) metadata(ctx context.Context, addr string) brokerView {
	resp, err := request[*kmsg.MetadataResponse](ctx, l.clients, addr, kafka.MetadataRequest([]string{}))
	if err != nil {
		return brokerView{addr: addr, err: err}
	}
	return newBrokerView(addr, resp)
}

func newBrokerView(addr string, resp *kmsg.MetadataResponse) brokerView {
	v := brokerView{addr: addr, controller: resp.ControllerID}
	if resp.ClusterID != nil {
		v.clusterID = *resp.ClusterID
	}
	for _, b := range resp.Brokers {
		v.brokers = append(v.brokers, broker{b.NodeID, net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port)))})
	}
	slices.SortFunc(v.brokers, func(a, b broker) int { return int(a.id) - int(b.id) })
	return v
}

// viewOf returns what addr says of the cluster.
func (c *climb) viewOf(ctx context.Context, addr string) brokerView {
	if c.asking.brief {
		c.brokers.stage(stageView)
		if v, heard := c.earlyView(addr); heard {
			return v
		}
	}
	return c.ladder.metadata(ctx, addr)
}
