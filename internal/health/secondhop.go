package health

import (
	"context"
	"fmt"
	"slices"
)

// secondHop is K4: clients go on from the address they were given to the ones the brokers advertise, so every one of
// those must answer, as the same cluster.
func secondHop(ctx context.Context, c *climb) answer {
	views := c.seen()
	first := views[0]
	var answers []answer
	for _, v := range views[1:] {
		if fault := disagreement(first, v); fault != "" {
			answers = append(answers, apart(v.addr+" "+fault))
		}
	}
	hops := each(advertised(views), func(b broker) answer { return c.hop(ctx, b, first) })
	return tally(append(answers, hops...), len(answers)+len(hops))
}

// advertised lists each broker's advertised address once. One broker may have several: each listener advertises its own.
func advertised(views []view) []broker {
	var all []broker
	for _, v := range views {
		all = append(all, v.brokers...)
	}
	slices.SortStableFunc(all, func(a, b broker) int { return int(a.id) - int(b.id) })
	var distinct []broker
	for _, b := range all {
		if !slices.Contains(distinct, b) {
			distinct = append(distinct, b)
		}
	}
	return distinct
}

// hop asks one advertised address, unless K3 already did, and compares it with what the first address said.
func (c *climb) hop(ctx context.Context, b broker, first view) answer {
	var v view
	if i := slices.IndexFunc(c.seen(), func(v view) bool { return v.addr == b.addr }); i >= 0 {
		v = c.seen()[i]
	} else {
		v = c.ladder.metadata(ctx, b.addr)
	}
	if v.err != nil {
		a := unmet(fmt.Sprintf("broker %d advertises %s: %s", b.id, b.addr, symptom(v.err)), v.err)
		a.hint = "clients are sent to the advertised address: make it reachable from here, or change advertised.listeners"
		return a
	}
	if fault := disagreement(first, v); fault != "" {
		return apart(fmt.Sprintf("broker %d, at %s, %s", b.id, b.addr, fault))
	}
	return answer{verdict: Pass, evidence: fmt.Sprintf("broker %d answers at %s", b.id, b.addr)}
}

func apart(evidence string) answer {
	a := unmet(evidence, errApart)
	a.hint = "brokers that are joining agree soon; if these do not, an address belongs to another cluster or an old broker"
	return a
}

// disagreement says where v is not of one mind with first; "" where it is.
func disagreement(first, v view) string {
	switch {
	case v.clusterID != first.clusterID:
		return fmt.Sprintf("is of cluster %q, but %s is of %q", v.clusterID, first.addr, first.clusterID)
	case v.ids() != first.ids():
		return fmt.Sprintf("lists brokers %s, but %s lists %s", v.ids(), first.addr, first.ids())
	}
	return ""
}
