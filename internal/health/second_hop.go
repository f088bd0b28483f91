package health

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"

	"kafkactl/internal/kafka"
)

// hop is a broker as one bootstrap address advertises it.
type hop struct {
	broker
	via string // the bootstrap address that sends clients there
}

// secondHop is K4: clients go on from the address they were given to the ones that the brokers
// advertise, so every advertised address must answer, and as the same cluster.
func secondHop(ctx context.Context, c *climb) answer {
	views := c.brokerViews()
	first := views[0]
	var answers []answer
	for _, v := range views[1:] {
		if fault := disagreement(first, v); fault != "" {
			answers = append(answers, disagreeing(v.addr+" "+fault))
		}
	}
	answers = append(answers, c.twoFaced(views)...)
	next := advertised(views)
	answers = append(answers, sharedAddresses(next)...)
	hops := askAll(next, func(h hop) answer { return c.follow(ctx, h, first) })
	return combine(append(answers, hops...), len(answers)+len(hops))
}

// twoFaced returns an answer for each address behind which two clusters answer: two connections to
// it were given different cluster ids.
func (c *climb) twoFaced(views []brokerView) []answer {
	c.brokers.stage(stageView)
	var answers []answer
	for _, v := range views {
		if other, heard := c.earlyView(v.addr); heard && other.err == nil && other.clusterID != v.clusterID {
			a := disagreeing(fmt.Sprintf("%s is of cluster %q on one connection and of %q on another", v.addr, other.clusterID, v.clusterID))
			a.hint = advise("two-clusters-one-address")
			answers = append(answers, a)
		}
	}
	return answers
}

// advertised returns each broker's advertised address once. One broker may have several: each
// listener advertises its own.
func advertised(views []brokerView) []hop {
	var distinct []hop
	for _, v := range views {
		for _, b := range v.brokers {
			if !slices.ContainsFunc(distinct, func(h hop) bool { return h.broker == b }) {
				distinct = append(distinct, hop{b, v.addr})
			}
		}
	}
	slices.SortStableFunc(distinct, func(a, b hop) int { return int(a.id) - int(b.id) })
	return distinct
}

// sharedAddresses returns an answer for each address that several brokers advertise. Only one of
// them answers there, and it refuses the requests meant for the others. KRaft takes such
// registrations; with ZooKeeper a broker refuses to start with one.
func sharedAddresses(hops []hop) []answer {
	var answers []answer
	for _, h := range hops {
		var ids []int32
		for _, other := range hops {
			if other.addr == h.addr {
				ids = append(ids, other.id)
			}
		}
		if len(ids) > 1 && ids[0] == h.id {
			a := disagreeing(fmt.Sprintf("brokers %s all advertise %s", kafka.JoinIDs(ids), h.addr))
			a.hint = advise("one-address-each")
			answers = append(answers, a)
		}
	}
	return answers
}

// follow asks one advertised address, unless K3 already did, and compares its answer with the first
// view.
func (c *climb) follow(ctx context.Context, h hop, first brokerView) answer {
	var v brokerView
	if i := slices.IndexFunc(c.brokerViews(), func(v brokerView) bool { return v.addr == h.addr }); i >= 0 {
		v = c.brokerViews()[i]
	} else {
		v = c.ladder.metadata(ctx, h.addr)
		v.err = c.ladder.explain(ctx, h.addr, v.err)
	}
	if v.err != nil {
		a := unmet(fmt.Sprintf("%s answers, but sends clients on to %s (broker %d): %s", h.via, h.addr, h.id, symptom(v.err)), v.err)
		names, wanted, misnamed := kafka.OtherNames(v.err)
		switch {
		case misnamed:
			a.hint = advise("advertised-certificate", names, wanted)
		case a.hint != hint{}: // the address answers, and what it says can be mended
		case kafka.RefusedSASL(v.err):
			a.hint = c.ladder.requestFault(h.addr, v.err).hint
		default:
			a.hint = cmp.Or(c.absentHint(h, v.err), c.ladder.ownListener(ctx, h.via, first.clusterID), c.ladder.advertisedHint(h))
		}
		return a
	}
	if fault := disagreement(first, v); fault != "" {
		a := disagreeing(fmt.Sprintf("broker %d, at %s, %s", h.id, h.addr, fault))
		if v.clusterID != first.clusterID {
			a.hint = advise("advertised-other-cluster", h.via, h.addr)
		}
		return a
	}
	return answer{verdict: Pass, evidence: fmt.Sprintf("broker %d answers at %s", h.id, h.addr)}
}

// absentHint returns the hint for a broker that is away, "" where that is not known. It is known
// where another broker advertises the address that was asked: then nothing is wrong with how
// addresses are advertised, and h's broker is only still listed.
func (c *climb) absentHint(h hop, err error) hint {
	views := c.brokerViews()
	i := slices.IndexFunc(views, func(v brokerView) bool { return v.addr == h.via })
	another := i >= 0 && slices.ContainsFunc(views[i].brokers, func(b broker) bool { return sameAddress(b.addr, h.via) && b.id != h.id })
	if !another || hasError[*net.DNSError](err) {
		return hint{}
	}
	return advise("broker-away", h.id)
}

// sameAddress reports whether two addresses are one, also where localhost has several names.
func sameAddress(a, b string) bool {
	hostA, portA, _ := net.SplitHostPort(a)
	hostB, portB, _ := net.SplitHostPort(b)
	return a == b || portA == portB && kafka.Loopback(hostA) && kafka.Loopback(hostB)
}

func disagreeing(evidence string) answer {
	a := unmet(evidence, errDisagree)
	a.hint = advise("brokers-agree-soon")
	return a
}

// disagreement returns how v differs from first; "" where it does not.
func disagreement(first, v brokerView) string {
	switch {
	case v.clusterID != first.clusterID:
		return fmt.Sprintf("is of cluster %q, but %s is of %q", v.clusterID, first.addr, first.clusterID)
	case v.ids() != first.ids():
		return fmt.Sprintf("lists %s, but %s lists %s", brokersNamed(v.ids()), first.addr, cmp.Or(first.ids(), "none"))
	}
	return ""
}
