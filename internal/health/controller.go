package health

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What a rung found wrong where no other error tells it.
var (
	errApart        = errors.New("the brokers do not agree")
	errNoController = errors.New("no controller")
)

// controllerActs is K5. In KRaft mode Metadata names some random live broker as the controller, which proves nothing, so
// the quorum is asked; in ZooKeeper mode Metadata names the elected one.
func controllerActs(ctx context.Context, c *climb) answer {
	if c.isKRaft() {
		return c.ladder.quorumLeads(ctx, c.seen()[0].addr)
	}
	return controllerListed(c.seen())
}

// controllerListed wants every view to name a controller that it also lists as live.
func controllerListed(views []view) answer {
	answers := make([]answer, len(views))
	for i, v := range views {
		switch {
		case v.controller < 0:
			answers[i] = unmet(v.addr+" names no controller", errNoController)
			answers[i].hint = "none is elected yet; if it stays so, look at the brokers' logs for their ZooKeeper session"
		case !v.lists(v.controller):
			answers[i] = unmet(fmt.Sprintf("%s names controller %d, but lists brokers %s", v.addr, v.controller, v.ids()), errNoController)
			answers[i].hint = "the controller is gone and another is not elected yet"
		default:
			answers[i] = answer{verdict: Pass, evidence: fmt.Sprintf("%s names controller %d, a live broker", v.addr, v.controller)}
		}
	}
	return tally(answers, len(answers))
}

// quorumLeads asks a broker for the leader of the metadata quorum; the broker passes the question on to the leader.
func (l *Ladder) quorumLeads(ctx context.Context, addr string) answer {
	const log = "__cluster_metadata"
	partition := kmsg.NewDescribeQuorumRequestTopicPartition() // partition 0, the only one
	topic := kmsg.NewDescribeQuorumRequestTopic()
	topic.Topic, topic.Partitions = log, append(topic.Partitions, partition)
	req := kmsg.NewPtrDescribeQuorumRequest()
	req.Topics = append(req.Topics, topic)

	resp, err := request[*kmsg.DescribeQuorumResponse](ctx, l.clients, addr, req)
	if err != nil {
		return l.requestFault(addr, err)
	}
	leader, err := quorumLeader(resp)
	switch {
	case errors.Is(err, kerr.ClusterAuthorizationFailed):
		return answer{verdict: Pass, evidence: "not proven: DescribeQuorum needs Describe on the cluster, which this user lacks"}
	case err != nil:
		a := unmet("DescribeQuorum: "+symptom(err), err)
		a.hint = "look at the logs of the KRaft controllers"
		return a
	case leader < 0:
		a := unmet("the metadata quorum has no leader", errNoController)
		a.hint = "a majority of the KRaft controllers must be up"
		return a
	}
	return answer{verdict: Pass, evidence: fmt.Sprintf("the metadata quorum is led by %d", leader)}
}

func quorumLeader(resp *kmsg.DescribeQuorumResponse) (int32, error) {
	if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
		return -1, err
	}
	for _, topic := range resp.Topics {
		for _, partition := range topic.Partitions {
			return partition.LeaderID, kerr.ErrorForCode(partition.ErrorCode)
		}
	}
	return -1, nil
}
