package health

import (
	"context"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// enoughBrokers is K3. It asks every address that speaks Kafka: a broker can be listed by the
// others before its own socket accepts, and each one hears of the others in its own time.
func enoughBrokers(ctx context.Context, c *climb) answer {
	l := c.ladder
	views := askAll(c.reachedBrokers(), func(addr string) brokerView {
		v := c.viewOf(ctx, addr)
		v.err = l.explain(ctx, addr, v.err)
		return v
	})

	answers := make([]answer, len(views))
	for i, v := range views {
		answers[i] = l.count(v)
	}
	answering := slices.DeleteFunc(views, func(v brokerView) bool { return v.err != nil })
	c.setViews(answering)

	need := len(answers)
	if l.tolerant || c.asking.enough > 0 {
		need = min(1, need)
	}
	total := combine(answers, need)
	if total.verdict != Pass && l.isShort(answering) {
		total.evidence = l.shortage(answering, total.evidence)
		if fenced := c.fenced(ctx, answering); len(fenced) > 0 {
			total.evidence += "; registered but fenced, without a heartbeat: " + kafka.JoinIDs(fenced)
		}
	}
	return total
}

// count judges one view.
func (l *Ladder) count(v brokerView) answer {
	if v.err != nil {
		return l.requestFault(v.addr, v.err)
	}
	a := answer{verdict: Pass, evidence: fmt.Sprintf("%s lists %s", v.addr, plural(len(v.brokers), "broker"))}
	if len(v.brokers) >= l.minBrokers {
		return a
	}
	a.verdict = Wait
	if l.tolerant && len(v.brokers) > 0 {
		a.verdict = Warn
	}
	a.err = fmt.Errorf("%s of %d", plural(len(v.brokers), "broker"), l.minBrokers)
	a.hint = advise("more-brokers")
	return a
}

// isShort reports whether an address lists fewer brokers than are needed.
func (l *Ladder) isShort(views []brokerView) bool {
	return slices.ContainsFunc(views, func(v brokerView) bool { return len(v.brokers) < l.minBrokers })
}

// shortage returns how many brokers there are and how many are needed, and what each address says
// where they differ.
func (l *Ladder) shortage(views []brokerView, each string) string {
	counts := make([]int, len(views))
	for i, v := range views {
		counts[i] = len(v.brokers)
	}
	text := fmt.Sprintf("%s, %d needed", plural(slices.Min(counts), "broker"), l.minBrokers)
	if l.minBrokersWhy != "" {
		text += " (" + l.minBrokersWhy + ")"
	}
	if slices.Min(counts) != slices.Max(counts) {
		text += ": " + each
	}
	return text
}

// fenced returns the brokers that are registered but send no heartbeats; Metadata leaves them out.
// Brokers before 4.0 do not report them (KIP-1073).
func (c *climb) fenced(ctx context.Context, views []brokerView) []int32 {
	if !c.isKRaft() || len(views) == 0 {
		return nil
	}
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeFencedBrokers = true
	resp, err := request[*kmsg.DescribeClusterResponse](ctx, c.ladder.clients, views[0].addr, req)
	if err != nil || resp.ErrorCode != 0 {
		return nil
	}
	var ids []int32
	for _, b := range resp.Brokers {
		if b.IsFenced {
			ids = append(ids, b.NodeID)
		}
	}
	slices.Sort(ids)
	return ids
}
