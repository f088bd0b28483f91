package composefile

import (
	"fmt"
	"slices"
	"strings"
)

// quorumVoters: every node of KRaft finds the controllers by controller.quorum.voters (or, since
// KIP-853, controller.quorum.bootstrap.servers). An entry that leads nowhere, to a listener for
// clients or to a node with another id is a voter that never votes; with too few of them there is no
// leader, and the brokers never open their ports for clients.
func quorumVoters(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		variable := b.quorum.variable
		if !b.kraft() || b.uncertain() {
			continue
		}
		if b.lacks(clusterLists()[0]) && b.lacks(clusterLists()[1]) && (b.image.confluent() || b.configured()) {
			report.fault(b.service, b.atEnv("KAFKA_PROCESS_ROLES"), "KRaft does not start without the controllers' addresses", variable+": "+stack.everyVoter(b))
			continue
		}
		voters := stack.judged(b)
		var faults []string
		for _, v := range voters {
			if v.fault != "" {
				faults = append(faults, v.fault)
			}
		}
		if len(faults) > 0 {
			fix := variable + ": "
			if mended := stack.mendedVoters(b, voters); mended != "" {
				fix += mended
			} else {
				fix += stack.everyVoter(b)
			}
			report.fault(b.service, b.atEnv(variable), "a controller that is not found: "+strings.Join(faults, "; "), fix)
			continue
		}
		wrongMembership(stack, b, voters, report)
	}
}

// everyVoter returns the voters as the files have them, an example where they do not say.
func (s *Stack) everyVoter(b *broker) string {
	var entries []string
	for _, other := range s.brokers {
		if v, ok := asVoter(other, ""); ok && other.plays("CONTROLLER") && !neverTogether(b.service, other.service) {
			entries = append(entries, v.String())
		}
	}
	if len(entries) == 0 {
		return "ID@HOST:PORT of each controller, as 1@" + b.Name + ":9093"
	}
	return strings.Join(entries, ",")
}

// wrongMembership: "If process.roles contains the 'controller' role, the node id must be included in
// the set of voters", and must not be with 'broker' alone (KafkaConfig). Nodes whose lists differ
// hold elections of their own.
func wrongMembership(stack *Stack, b *broker, voters []voter, report reporter) {
	id, variable, known := b.nodeID()
	member := slices.ContainsFunc(voters, func(v voter) bool { return v.id == id })
	_, named := stack.calledID(b) // nodeIDs reports that its id is not the one
	list, value := b.quorum.variable, b.quorum.value
	switch {
	case len(voters) == 0:
		return
	case voters[0].id >= 0 && known && b.rolesKnown() && b.plays("CONTROLLER") && !member && !named:
		own := fmt.Sprintf("%d@%s:9093", id, b.Name)
		if v, ok := asVoter(b, ""); ok {
			own = v.String()
		}
		report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s is a controller with the id %d, which is not in %s: it does not start", b.Name, id, list),
			list+": "+value+","+own)
		return
	case voters[0].id >= 0 && known && len(b.roles) == 1 && b.plays("BROKER") && member && !b.meantAsController() && len(stack.sharingID(b)) == 1:
		report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s is a broker alone, and its id %d is a voter's: it does not start", b.Name, id),
			fmt.Sprintf("%s: %d", variable, stack.freeID(b)))
		return
	}
	if usual, holder := stack.usualVoters(b); usual != "" && usual != stack.normalVoters(b) {
		theirs := holder.quorum.value
		report.fault(b.service, b.atEnv(list), fmt.Sprintf("%s knows other voters (%s) than %s (%s): they do not agree on a leader", b.Name, value, holder.Name, theirs),
			list+": "+theirs)
	}
}

// normalVoters returns the list of b in a form that is the same for all nodes that mean the same.
func (s *Stack) normalVoters(b *broker) string {
	entries := make([]string, len(b.quorum.voters))
	for i, v := range b.quorum.voters {
		if target := s.brokerAt(v.host); target != nil {
			v.host = target.Name
		} else if loopback(v.host) && b.NetworkMode != "host" {
			v.host = b.Name
		}
		entries[i] = v.String()
	}
	slices.Sort(entries)
	return strings.Join(entries, ",")
}

// usualVoters returns the list that most nodes of b's cluster have, of two equally frequent ones the
// longer, and a node that has it. Lists that are wrong in themselves do not count.
func (s *Stack) usualVoters(b *broker) (list string, holder *broker) {
	most := 0
	counts := make(map[string]int)
	members := s.cluster(b)
	for _, other := range members {
		faulty := slices.ContainsFunc(s.judged(other), func(v voter) bool { return v.fault != "" })
		if list := other.quorum; list.variable == b.quorum.variable && list.value != "" && !faulty && !neverTogether(b.service, other.service) {
			counts[s.normalVoters(other)]++
		}
	}
	for _, other := range members {
		theirs := s.normalVoters(other)
		if n := counts[theirs]; n > most || n == most && len(theirs) > len(list) {
			most, list, holder = n, theirs, other
		}
	}
	return list, holder
}

// freeID is an id that no node of the stack has, and no voter.
func (s *Stack) freeID(b *broker) int {
	taken := make(map[int]bool)
	for _, other := range s.brokers {
		if id, _, known := other.nodeID(); known {
			taken[id] = true
		}
	}
	for _, v := range b.quorum.voters {
		taken[v.id] = true
	}
	id := 1
	for taken[id] {
		id++
	}
	return id
}
