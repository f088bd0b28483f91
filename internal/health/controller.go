package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// The faults of a rung that have no error of their own.
var (
	errDisagree     = errors.New("the brokers do not agree")
	errNoController = errors.New("no controller")
)

// controllerActs is K5. In KRaft mode Metadata names some random live broker as the controller,
// which proves nothing, so the quorum is asked; in ZooKeeper mode Metadata names the elected one.
func controllerActs(ctx context.Context, c *climb) answer {
	views := c.brokerViews()
	if !c.isKRaft() {
		return controllerListed(views)
	}
	addr, resp, err := views[0].addr, views[0].quorum, views[0].quorumErr
	if resp == nil && err == nil {
		resp, err = request[*kmsg.DescribeQuorumResponse](ctx, c.ladder.clients, addr, kafka.QuorumRequest())
	}
	if err != nil {
		return c.ladder.quorumFault(addr, err)
	}
	return c.ladder.quorumLeads(resp)
}

// controllerListed holds when every view names a controller that it also lists as live.
func controllerListed(views []brokerView) answer {
	answers := make([]answer, len(views))
	for i, v := range views {
		switch {
		case v.controller < 0:
			answers[i] = unmet(v.addr+" names no controller", errNoController)
			answers[i].hint = advise("controller-elected")
		case !v.lists(v.controller):
			answers[i] = unmet(fmt.Sprintf("%s names controller %d, but lists %s", v.addr, v.controller, brokersNamed(v.ids())), errNoController)
			answers[i].hint = advise("controller-gone")
		default:
			answers[i] = answer{verdict: Pass, evidence: fmt.Sprintf("%s names controller %d, a live broker", v.addr, v.controller)}
		}
	}
	return combine(answers, len(answers))
}

// quorumFault answers for a broker that does not answer DescribeQuorum: it may have no controller
// to pass the question on to.
func (l *Ladder) quorumFault(addr string, err error) answer {
	a := l.requestFault(addr, err)
	if kafka.TimedOut(err) {
		a.evidence = addr + " answers, but finds no controller to pass DescribeQuorum on to"
		a.hint = advise("quorum-majority")
	}
	return a
}

// quorumLeads judges the answer to DescribeQuorum. A silent voter is a warning to a watcher only:
// brokers that have just started are silent too.
func (l *Ladder) quorumLeads(resp *kmsg.DescribeQuorumResponse) answer {
	state, err := kafka.QuorumState(resp)
	switch {
	case errors.Is(err, kerr.ClusterAuthorizationFailed):
		return answer{verdict: Pass, evidence: "not proven: DescribeQuorum needs Describe on the cluster, which this user lacks"}
	case err != nil:
		a := unmet("DescribeQuorum: "+symptom(err), err)
		a.hint = advise("quorum-majority")
		return a
	case state.LeaderID < 0:
		a := unmet("the metadata quorum has no leader"+voters(state), errNoController)
		a.hint = advise("quorum-majority")
		return a
	}
	a := answer{verdict: Pass, evidence: fmt.Sprintf("the metadata quorum is led by %d", state.LeaderID) + voters(state)}
	if silent := silentVoters(state); len(silent) > 0 && l.tolerant {
		a.verdict, a.err = Warn, errNoController
		a.evidence += "; no word from voter " + kafka.JoinIDs(silent)
		a.hint = advise("start-voter")
	}
	return a
}

// voters returns " (voters 1, 2, 3)", "" where the answer names none.
func voters(state kmsg.DescribeQuorumResponseTopicPartition) string {
	ids := make([]int32, len(state.CurrentVoters))
	for i, v := range state.CurrentVoters {
		ids[i] = v.ReplicaID
	}
	if len(ids) == 0 {
		return ""
	}
	slices.Sort(ids)
	return " (voters " + kafka.JoinIDs(ids) + ")"
}

// voterSilence is long beside the half second at which voters fetch from the leader, idle or not.
const voterSilence = 10 * time.Second

// silentVoters returns the voters that do not fetch from the leader, by the leader's clock
// (KIP-836; brokers before 3.3 do not report it).
func silentVoters(state kmsg.DescribeQuorumResponseTopicPartition) []int32 {
	var latest int64
	for _, v := range state.CurrentVoters {
		latest = max(latest, v.LastFetchTimestamp)
	}
	var silent []int32
	for _, v := range state.CurrentVoters {
		if v.ReplicaID != state.LeaderID && latest-v.LastFetchTimestamp > voterSilence.Milliseconds() {
			silent = append(silent, v.ReplicaID)
		}
	}
	slices.Sort(silent)
	return silent
}
