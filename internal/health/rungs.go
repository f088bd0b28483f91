package health

import (
	"context"
	"slices"
	"strings"
)

// rung is one question of the ladder.
type rung struct {
	name     string
	question string
	needs    []string // rungs that must hold before this one is asked; all stand earlier in the table
	after    []string // rungs whose answers it uses, whatever they are; all stand earlier in the table
	attempts int      // its time, in Options.Attempt
	brief    bool     // Probe asks it too
	skip     func(*climb) string
	ask      func(context.Context, *climb) answer
}

// reachRungs is how many rungs, from the start of the table, Reach asks.
const reachRungs = 3

// rungs returns the ladder, lowest rung first. A new rung is one row here. Without broker addresses
// the ladder has only ZooKeeper's rungs, and not Z5: there is nothing to compare with, and an
// ensemble is ready before any broker registers.
func rungs(o Options) []rung {
	table := []rung{
		{name: "K0", question: "name resolves", attempts: 1, brief: true, ask: brokerStage(stageName)},
		{name: "K1", question: "TCP accepts", needs: []string{"K0"}, attempts: 1, brief: true, ask: brokerStage(stageTCP)},
		{name: "K2", question: "speaks Kafka", needs: []string{"K1"}, attempts: 1, brief: true, ask: brokerStage(stageKafka)},
		// ZooKeeper is asked at the same time as the brokers, not after them: it is often the
		// reason why they do not come up.
		{name: "Z1", question: "ZooKeeper TCP accepts", attempts: 1, skip: zooKeeperUnused, ask: zooKeeperStage(stageZooTCP)},
		{name: "Z2", question: "ZooKeeper serves", needs: []string{"Z1"}, attempts: 1, skip: zooKeeperUnused, ask: zooKeeperStage(stageServes)},
		{name: "K3", question: "enough brokers", needs: []string{"K2", "Z2"}, attempts: 1, brief: true, ask: enoughBrokers},
		{name: "K4", question: "advertised addresses answer", needs: []string{"K3"}, attempts: 1, ask: secondHop},
		{name: "K5", question: "a controller acts", needs: []string{"K3", "K4"}, attempts: 1, brief: true, ask: controllerActs},
		{name: "Z5", question: "ZooKeeper agrees with the brokers", needs: []string{"Z2"}, after: []string{"K3"}, attempts: 1, skip: zooKeeperUnused, ask: zooKeeperAgrees},
	}
	// The callbacks get more time than one exchange: K6 sends a whole spec to a broker that may be
	// cold, K7 asks every broker for every topic, K9 makes a topic, uses it and removes it.
	spec := 5 + o.TopicCount/100
	optional := func(name, question string, needs []string, attempts int, ask func(context.Context) (string, error)) {
		if ask != nil {
			table = append(table, rung{name: name, question: question, needs: needs, attempts: attempts, ask: callback(o.Reached, ask)})
		}
	}
	optional("K6", "write path", []string{"K5"}, spec, o.WritePath)
	optional("K7", "topics usable", []string{"K5"}, spec, o.Topics)
	table = append(table, rung{name: "K8", question: "coordinators", needs: []string{"K5"}, attempts: 1, ask: coordinators})
	optional("K9", "data path", []string{"Z5", "K6", "K7", "K8"}, 15, o.DataPath)
	optional("G1", "groups consume", []string{"K5"}, 2, o.Groups)
	if len(o.Brokers) == 0 {
		table = slices.DeleteFunc(table, func(r rung) bool { return !strings.HasPrefix(r.name, "Z") || len(r.after) > 0 })
	}
	return table
}

// callback makes a rung's question of a function of the caller, who may want to know first which
// addresses were reached.
func callback(reached func([]string), f func(context.Context) (string, error)) func(context.Context, *climb) answer {
	return func(ctx context.Context, c *climb) answer {
		if reached != nil {
			reached(c.reachedBrokers())
		}
		evidence, err := f(ctx)
		if err == nil {
			return answer{verdict: Pass, evidence: evidence}
		}
		a := unmet(inWords(err), err)
		if evidence != "" {
			a.evidence = evidence + ": " + a.evidence
		}
		return a
	}
}

// zooKeeperUnused returns why the Z rungs do not apply; "" when they do.
func zooKeeperUnused(c *climb) string {
	switch {
	case len(c.ladder.zookeepers) == 0:
		return "no ZooKeeper address given"
	case c.isKRaft():
		return "KRaft cluster (brokers offer DescribeQuorum): ZooKeeper is not used"
	}
	return ""
}
