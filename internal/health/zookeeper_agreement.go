package health

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/kafka"
	"kafkactl/internal/zookeeper"
)

// The faults of Z5 that have no error of their own.
var (
	errOtherZooKeeper = errors.New("the brokers use another ZooKeeper")
	errRegistry       = errors.New("ZooKeeper and the brokers do not agree")
	// errNotUp: no broker answers, and what is registered may explain it.
	errNotUp = errors.New("what is registered does not answer")
)

// zooKeeperAgrees is Z5: the brokers that are registered in ZooKeeper are those of the cluster. It
// is asked after K3 whatever its result: when no broker answers, what is registered is often the
// reason.
func zooKeeperAgrees(ctx context.Context, c *climb) answer {
	serving := c.servingZooKeepers()
	addrs := slices.DeleteFunc(slices.Clone(c.ladder.zookeepers), func(addr string) bool { return !slices.Contains(serving, addr) })
	r, a := c.ladder.lookUp(ctx, addrs)
	if a.verdict != "" {
		return a
	}
	if views := c.brokerViews(); len(views) > 0 {
		a = r.compare(views)
		if errors.Is(a.err, errRegistry) && len(r.Brokers) > 0 { // one may be where a given address is silent
			if dead := r.explain(c.silentBrokers(), true); dead.verdict != Pass {
				return dead
			}
		}
		return a
	}
	if len(r.Brokers) > 0 && c.askedElsewhere() {
		return answer{verdict: Pass, evidence: "not proven: " + r.String() + "; " + errElsewhere.Error()}
	}
	return r.explain(c.silentBrokers(), len(c.speakers()) > 0)
}

// silentBrokers returns the bootstrap addresses that did not speak Kafka, in the given order.
func (c *climb) silentBrokers() []string {
	spoke := c.speakers()
	return slices.DeleteFunc(slices.Clone(c.ladder.brokers), func(addr string) bool { return slices.Contains(spoke, addr) })
}

// askedElsewhere reports that the brokers answer, but at another address than the ones given: K0
// and K1 found it.
func (c *climb) askedElsewhere() bool {
	return errors.Is(c.findings[c.index("K0")].Err, errElsewhere) || errors.Is(c.findings[c.index("K1")].Err, errElsewhere)
}

// registry is what Kafka has registered in ZooKeeper, in the words of this package.
type registry struct{ zookeeper.Registry }

// ids returns "1, 2, 3", as a view's does.
func (r registry) ids() string {
	ids := make([]int32, len(r.Brokers))
	for i, b := range r.Brokers {
		ids[i] = b.ID
	}
	return kafka.JoinIDs(ids)
}

// compare judges the brokers' views by the registry.
func (r registry) compare(views []brokerView) answer {
	cluster := func(v brokerView) string { return v.clusterID }
	known := slices.DeleteFunc(slices.Clone(views), func(v brokerView) bool { return v.clusterID == "" })
	if who, other := dissent(known, r.ClusterID, cluster, "say"); r.ClusterID != "" && who != "" {
		who = strings.Replace(who, "the brokers", "they", 1)
		a := unmet(fmt.Sprintf("your brokers use another ZooKeeper: it says cluster %s, %s %s", r.ClusterID, who, other), errOtherZooKeeper)
		a.hint = advise("brokers-zookeeper")
		return a
	}
	if who, ids := dissent(views, r.ids(), brokerView.ids, "list"); who != "" {
		a := unmet(fmt.Sprintf("ZooKeeper has %s; %s %s", brokersNamed(r.ids()), who, cmp.Or(ids, "none")), errRegistry)
		a.hint = advise("registry-agrees-soon")
		return a
	}
	controller := func(v brokerView) string { return controllerNamed(v.controller) }
	if who, other := dissent(views, controllerNamed(r.Controller), controller, "name"); who != "" && !r.Migrating {
		a := unmet(fmt.Sprintf("ZooKeeper has %s; %s %s", controllerNamed(r.Controller), who, other), errRegistry)
		a.hint = advise("registry-agrees-soon")
		return a
	}
	return answer{verdict: Pass, evidence: r.String()}
}

// String returns "lists brokers 1, 2 and controller 1, cluster abc".
func (r registry) String() string {
	text := "lists " + brokersNamed(r.ids()) + " and " + controllerNamed(r.Controller)
	if r.Migrating {
		text += " (of KRaft: the cluster migrates)"
	}
	if r.ClusterID != "" {
		text += ", cluster " + r.ClusterID
	}
	return text
}

// dissent returns the first view that does not say want: who says something else, with the verb,
// and what. It is "the brokers" where all views say the same, and "" where none differs.
func dissent(views []brokerView, want string, say func(brokerView) string, verb string) (who, text string) {
	i := slices.IndexFunc(views, func(v brokerView) bool { return say(v) != want })
	if i < 0 {
		return "", ""
	}
	text = say(views[i])
	if slices.ContainsFunc(views, func(v brokerView) bool { return say(v) != text }) {
		return views[i].addr + " " + verb + "s", text
	}
	return "the brokers " + verb, text
}

// explain judges the registry when nobody has the brokers' Metadata. silent are the addresses that
// do not speak Kafka; some reports that other addresses do.
func (r registry) explain(silent []string, some bool) answer {
	if len(r.Brokers) == 0 {
		evidence := "no broker is registered"
		if r.ClusterID != "" {
			evidence += ", cluster " + r.ClusterID
		}
		a := unmet(evidence, errNotUp)
		a.hint = advise("start-kafka")
		return a
	}
	var dead, all []string
	for _, b := range r.Brokers {
		all = append(all, b.Endpoints...)
		if i := slices.IndexFunc(silent, b.Advertises); i >= 0 {
			dead = append(dead, fmt.Sprintf("%d at %s", b.ID, silent[i]))
		}
	}
	switch {
	case some && len(dead) > 0:
		a := unmet("/brokers/ids lists "+firstFew(dead)+", but nothing speaks Kafka there", errNotUp)
		a.hint = advise("broker-killed")
		return a
	case some:
		return answer{verdict: Pass, evidence: "not proven: " + r.String() + "; no broker says what it lists"}
	case len(dead) > 0:
		a := unmet("/brokers/ids lists "+r.ids()+", but no broker answers", errNotUp)
		a.hint = advise("broker-killed")
		return a
	}
	a := unmet("/brokers/ids lists "+r.ids()+", but no broker answers; registered: "+firstFew(all), errNotUp)
	a.hint = advise("registered-address")
	return a
}

func brokersNamed(ids string) string {
	if ids == "" {
		return "no broker"
	}
	return "brokers " + ids
}

func controllerNamed(id int32) string {
	if id < 0 {
		return "no controller"
	}
	return fmt.Sprintf("controller %d", id)
}

// blameZooKeeper adds to K1 and K2, where brokers do not come up, a hint at the Z rung that
// explains it: ZooKeeper does not serve, or it knows more of the brokers. A broker that answers at
// another address is left out. Doing it twice changes nothing.
func blameZooKeeper(findings []Finding) {
	const more = "; ZooKeeper knows more: see "
	for _, f := range findings {
		stopped := f.Verdict == Wait && (f.Rung == "Z1" || f.Rung == "Z2")
		if !stopped && !errors.Is(f.Err, errNotUp) {
			continue
		}
		for i := range findings {
			k := &findings[i]
			switch {
			case k.Rung != "K1" && k.Rung != "K2" || k.Verdict != Wait || errors.Is(k.Err, errElsewhere):
			case stopped:
				k.Hint, k.HintID, k.see = "ZooKeeper comes first: see "+f.Rung, "zookeeper-first", f.Rung
			default:
				k.Hint, k.see = strings.TrimSuffix(k.Hint, more+f.Rung)+more+f.Rung, f.Rung
			}
		}
	}
}
