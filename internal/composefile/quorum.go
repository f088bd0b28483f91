package composefile

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// nodeID is the broker's id, from node.id or broker.id, which mean the same (node.id since KIP-595).
// known is false when neither is set, or to no number.
func (b *broker) nodeID() (id int, variable string, known bool) {
	for _, variable = range []string{"KAFKA_NODE_ID", "KAFKA_BROKER_ID"} {
		if b.env(variable).set {
			id, known = b.number(variable)
			return id, variable, known
		}
	}
	return 0, "KAFKA_NODE_ID", false
}

// plays reports a role of KRaft.
func (b *broker) plays(role string) bool { return slices.Contains(b.roles, role) }

// rolesKnown reports that the roles are ones that Kafka has.
func (b *broker) rolesKnown() bool {
	return len(b.roles) > 0 && !slices.ContainsFunc(b.roles, func(role string) bool { return role != "BROKER" && role != "CONTROLLER" })
}

// meantAsController reports a node that listens under the controllers' name though its role is broker.
func (b *broker) meantAsController() bool {
	return b.rolesKnown() && !b.plays("CONTROLLER") && b.env("KAFKA_LISTENERS").set &&
		slices.ContainsFunc(b.listeners, func(e endpoint) bool { return slices.Contains(b.controllerNames(), e.name) })
}

// voter is one entry of the list of a quorum: ID@HOST:PORT in controller.quorum.voters, HOST:PORT
// in controller.quorum.bootstrap.servers.
type voter struct {
	id int // -1 where the list has none
	address
	fault string // why it is wrong, "" when it is not
}

func (v voter) String() string {
	if v.id < 0 {
		return v.address.String()
	}
	return strconv.Itoa(v.id) + "@" + v.address.String()
}

// quorumList is the setting that names the controllers, the value as it is and what it lists: nothing
// when the value is not known.
type quorumList struct {
	variable, value string
	voters          []voter
}

func readQuorumList(b *broker) quorumList {
	for _, variable := range clusterLists()[:2] {
		list := b.env(variable)
		if !list.set {
			continue
		}
		if !list.known() || placeholder(list.value) {
			return quorumList{variable: variable}
		}
		var voters []voter
		for entry := range strings.SplitSeq(list.value, ",") {
			if entry = strings.TrimSpace(entry); entry != "" {
				voters = append(voters, parseVoter(entry, variable == clusterLists()[0]))
			}
		}
		return quorumList{variable, list.value, voters}
	}
	return quorumList{variable: clusterLists()[0]}
}

// parseVoter reads one entry. What has no such form comes with its fault, and with the parts that
// are there.
func parseVoter(entry string, withID bool) voter {
	v := voter{id: -1}
	m := regexp.MustCompile(`^(?:(-?\d+)@)?(?:[A-Za-z0-9_]+://)?([A-Za-z0-9_.\-]+|\[[0-9a-fA-F:]+\])(?::(\d+))?$`).FindStringSubmatch(entry)
	if m != nil {
		v.host = strings.Trim(m[2], "[]")
		v.port, _ = strconv.Atoi(m[3])
		if m[1] != "" {
			v.id, _ = strconv.Atoi(m[1])
		}
	}
	switch {
	case m != nil && withID && m[1] == "" && m[3] != "":
		v.fault = strconv.Quote(entry) + " has no id"
	case m == nil || m[3] == "" || v.port > 65535 || withID == (m[1] == ""):
		v.fault = strconv.Quote(entry) + " is not ID@HOST:PORT"
		if !withID {
			v.fault = strconv.Quote(entry) + " is not HOST:PORT"
		}
	}
	return v
}

// judged is the voters of b's list, each with its fault.
func (s *Stack) judged(b *broker) []voter {
	if known, ok := s.votes[b]; ok {
		return known
	}
	voters := slices.Clone(b.quorum.voters)
	seen := make(map[int]bool)
	for i, v := range voters {
		switch {
		case v.fault != "":
		case v.id >= 0 && seen[v.id]:
			voters[i].fault = "the id " + strconv.Itoa(v.id) + " is there twice"
		default:
			if fault := s.wrongVoter(b, v, len(voters)); fault != "" {
				voters[i].fault = v.String() + ": " + fault
			}
		}
		seen[v.id] = true
	}
	s.votes[b] = voters
	return voters
}

// wrongVoter returns why b does not find the controller v, "" when it does or when the files do not
// say.
func (s *Stack) wrongVoter(b *broker, v voter, voters int) string {
	target := s.brokerAt(v.host)
	switch own := b.ownNetwork() && !s.sharesNetwork(b.Name); {
	case loopback(v.host) && !own:
		return ""
	case loopback(v.host) && (voters > 1 || !b.plays("CONTROLLER")):
		return "in each container that is the container itself"
	case loopback(v.host):
		target = b
	case !s.resolvable(v.host):
		return "no container is called " + v.host
	}
	if target == nil {
		return ""
	}
	if target.rolesKnown() && !target.plays("CONTROLLER") {
		if target.meantAsController() { // processRoles reports it
			return ""
		}
		return target.Name + " is no controller (KAFKA_PROCESS_ROLES)"
	}
	if fault := wrongVoterPort(target, v); fault != "" {
		return fault
	}
	_, agreed := s.calledID(target) // nodeIDs reports it
	if id, variable, known := target.nodeID(); known && id >= 0 && v.id >= 0 && id != v.id && !agreed && len(s.sharingID(target)) == 1 {
		return target.Name + " has the id " + strconv.Itoa(id) + " (" + variable + "), not " + strconv.Itoa(v.id)
	}
	return ""
}

// calledID returns the id by which several lists name b; ok is false where there is one list, or they
// do not agree.
func (s *Stack) calledID(b *broker) (id int, ok bool) {
	if s.called == nil {
		s.called = make(map[*broker][]int)
		for _, other := range s.brokers {
			for _, v := range other.quorum.voters {
				if target := s.brokerAt(v.host); target != nil && v.id >= 0 {
					s.called[target] = append(s.called[target], v.id)
				}
			}
		}
	}
	ids := slices.Compact(slices.Sorted(slices.Values(s.called[b])))
	if len(ids) != 1 || len(s.called[b]) < 2 {
		return 0, false
	}
	return ids[0], true
}

// sharingID returns the nodes of b's cluster that have its id, b among them, by name.
func (s *Stack) sharingID(b *broker) []*broker {
	id, _, known := b.nodeID()
	return slices.DeleteFunc(s.cluster(b), func(other *broker) bool {
		theirs, _, ok := other.nodeID()
		return other != b && (!known || !ok || theirs != id || neverTogether(b.service, other.service))
	})
}

func wrongVoterPort(target *broker, v voter) string {
	names := target.controllerNames()
	own := slices.ContainsFunc(target.listeners, func(e endpoint) bool { return slices.Contains(names, e.name) })
	if !own { // not known, or controllerListeners reports it
		return ""
	}
	port := strconv.Itoa(v.port)
	listener, bound := target.binding(v.port)
	switch {
	case !bound:
		return target.Name + " does not listen on " + port
	case !slices.Contains(names, listener.name):
		return "port " + port + " of " + target.Name + " is the listener " + listener.name + ", for clients"
	default:
		return ""
	}
}

// mendedVoters returns the list as it should be, "" when that is not plain.
func (s *Stack) mendedVoters(b *broker, voters []voter) string {
	var mended []string
	for _, v := range voters {
		if v.fault != "" {
			target := s.brokerAt(v.host)
			if target == nil || !target.plays("CONTROLLER") {
				target = s.controllerWith(b, v.id)
			}
			entry, ok := asVoter(target, v.host)
			if !ok {
				return ""
			}
			if v = entry; b.quorum.variable != clusterLists()[0] {
				v.id = -1
			}
		}
		if !slices.Contains(mended, v.String()) {
			mended = append(mended, v.String())
		}
	}
	return strings.Join(mended, ",")
}

// asVoter returns the entry of a controller, by the name host if that is one of its own; ok is false
// when the files do not say its id or its port.
func asVoter(b *broker, host string) (v voter, ok bool) {
	if b == nil {
		return voter{}, false
	}
	id, _, known := b.nodeID()
	i := slices.IndexFunc(b.listeners, func(e endpoint) bool { return slices.Contains(b.controllerNames(), e.name) })
	if i < 0 || !known {
		return voter{}, false
	}
	if !slices.Contains(b.hosts(), host) {
		host = b.Name
	}
	return voter{id: id, address: address{host, b.listeners[i].port}}, true
}

// controllerWith returns the only controller with an id, or the only controller at all when there is
// one; nil otherwise.
func (s *Stack) controllerWith(b *broker, id int) *broker {
	var all, same []*broker
	for _, other := range s.brokers {
		if !other.plays("CONTROLLER") || neverTogether(b.service, other.service) {
			continue
		}
		all = append(all, other)
		if theirs, _, known := other.nodeID(); known && theirs == id {
			same = append(same, other)
		}
	}
	switch {
	case len(same) == 1:
		return same[0]
	case len(all) == 1:
		return all[0]
	default:
		return nil
	}
}

// isUUID reports 16 bytes in the base64 of URLs, as Uuid.fromString reads them: with or without the
// padding.
func isUUID(text string) bool {
	bytes, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	return err == nil && len(text) <= 24 && len(bytes) == 16
}
