package composefile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// processRoles: "Invalid value brokers for configuration process.roles"; broker and controller, in
// these letters, before Kafka 4.0 each once. A node that listens for controllers, and is named as one, is missing that role.
func processRoles(stack *Stack, report reporter) {
	const variable = "KAFKA_PROCESS_ROLES"
	for _, b := range stack.brokers {
		roles := b.env(variable)
		if !roles.known() || placeholder(roles.value) {
			continue
		}
		var wrong, right []string
		for role := range strings.SplitSeq(roles.value, ",") {
			role = strings.TrimSpace(role)
			meant := strings.TrimSuffix(strings.ToLower(role), "s")
			twice := slices.Contains(right, meant) && b.image.kafka().below(4, 0)
			if known := meant == "broker" || meant == "controller"; !known || role != meant || twice {
				wrong = append(wrong, role)
				if !known {
					continue
				}
			}
			if !slices.Contains(right, meant) {
				right = append(right, meant)
			}
		}
		switch {
		case len(wrong) > 0:
			if len(right) == 0 {
				right = []string{"broker", "controller"}
			}
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("the roles are broker and controller, each once, not %s: it does not start", quotedList(wrong)),
				variable+": "+strings.Join(right, ","))
		case b.meantAsController() && stack.namedAsVoter(b):
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s is a broker alone, and it listens for controllers and is among the voters: it does not start", b.Name),
				variable+": broker,controller")
		case stack.onlyControllers(b):
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s is a controller alone, and no broker is there: no client is served", b.Name),
				variable+": broker,controller")
		}
	}
}

// onlyControllers reports that b is the first of the stack's nodes, and that none of them serves
// clients, nor one elsewhere as far as the files say.
func (s *Stack) onlyControllers(b *broker) bool {
	_, known := s.clusterSize(b)
	return known && b == s.brokers[0] && !slices.ContainsFunc(s.brokers, func(other *broker) bool { return !other.controllerOnly() })
}

// namedAsVoter reports that some node's list names b.
func (s *Stack) namedAsVoter(b *broker) bool {
	return slices.ContainsFunc(s.cluster(b), func(other *broker) bool {
		return slices.ContainsFunc(other.quorum.voters, func(v voter) bool { return s.brokerAt(v.host) == b })
	})
}

// nodeIDs: a node of KRaft does not start without node.id, nor where broker.id differs from it; a
// second one with the same id is refused by the controllers (DUPLICATE_BROKER_REGISTRATION) or by
// ZooKeeper ("node already exists"). Containers of one service share its variables. With ZooKeeper a
// broker without an id is given one.
func nodeIDs(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if b.uncertain() {
			continue
		}
		id, variable, known := b.nodeID()
		other, both := b.number("KAFKA_BROKER_ID")
		sharing := stack.sharingID(b)
		called, agreed := stack.calledID(b)
		switch {
		case b.kraft() && b.lacks("KAFKA_NODE_ID") && b.lacks("KAFKA_BROKER_ID"):
			report.fault(b.service, b.atEnv("KAFKA_PROCESS_ROLES"), "a node of KRaft does not start without an id", fmt.Sprintf("KAFKA_NODE_ID: %d", stack.missingID(b)))
		case b.env(variable).known() && !placeholder(b.env(variable).value) && !known:
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("the id %q is no number: it does not start", b.env(variable).value),
				fmt.Sprintf("%s: %d", variable, stack.missingID(b)))
		case known && id < 0 && b.kraft():
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("a node of KRaft does not start with the id %d", id), fmt.Sprintf("%s: %d", variable, stack.missingID(b)))
		case known && both && variable == "KAFKA_NODE_ID" && other != id:
			report.fault(b.service, b.atEnv("KAFKA_BROKER_ID"), fmt.Sprintf("KAFKA_NODE_ID is %d and KAFKA_BROKER_ID %d: they mean the same, and it does not start", id, other),
				"remove KAFKA_BROKER_ID")
		case known && b.containers() > 1:
			report.fault(b.service, b.atReplicas(), fmt.Sprintf("%d containers of %s share the id %d (%s): all but one are refused", b.containers(), b.Name, id, variable),
				"one service for each broker, with an id, a name and ports of its own")
		case known && len(sharing) > 1 && stack.rightful(sharing) != b:
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s and %s both have the id %d: the second to start is refused", stack.rightful(sharing).Name, b.Name, id),
				fmt.Sprintf("%s: %d", variable, stack.missingID(b)))
		case known && agreed && called != id && len(sharing) == 1:
			report.fault(b.service, b.atEnv(variable), fmt.Sprintf("the id of %s is %d, and the voters' lists call it %d: it does not start", b.Name, id, called),
				fmt.Sprintf("%s: %d", variable, called))
		}
	}
}

// rightful is the node of several with one id that the voters name with it, or else the first.
func (s *Stack) rightful(sharing []*broker) *broker {
	for _, b := range sharing {
		if id, _, _ := b.nodeID(); s.missingID(b) == id {
			return b
		}
	}
	return sharing[0]
}

// missingID is the id that the voters give b, or else one that is free.
func (s *Stack) missingID(b *broker) int {
	for _, other := range append([]*broker{b}, s.cluster(b)...) {
		for _, v := range other.quorum.voters {
			if v.id >= 0 && b.plays("CONTROLLER") && (s.brokerAt(v.host) == b || loopback(v.host) && len(other.quorum.voters) == 1) {
				return v.id
			}
		}
	}
	return s.freeID(b)
}

// atReplicas is where the number of containers is set.
func (s *service) atReplicas() position {
	if s.Deploy != nil && s.Deploy.Replicas != nil {
		return s.at(key("deploy"), key("replicas"))
	}
	return s.at(key("scale"))
}

// clusterIDs: a node formats its disk with CLUSTER_ID, and nodes with different ones do not talk to
// each other (INCONSISTENT_CLUSTER_ID). It should be a UUID in base64, as kafka-storage random-uuid
// makes it: Kafka before 3.7 refuses others. One that begins with "-" is an option to
// `kafka-storage format -t` (KAFKA-13741), which is why random-uuid makes none; the images write
// --cluster-id=ID, where it is none.
func clusterIDs(stack *Stack, report reporter) {
	const variable, remedy = "CLUSTER_ID", "the output of `kafka-storage random-uuid`, the same for every node"
	for _, b := range stack.brokers {
		id := b.env(variable)
		if !b.kraft() || !id.known() || placeholder(id.value) {
			continue
		}
		if wrong := wrongClusterID(b, id.value); wrong != "" {
			report.byUse(!isUUID(id.value) && b.image.kafka().below(3, 7), b.service, b.atEnv(variable), wrong, variable+": "+remedy)
			continue
		}
		for _, other := range stack.cluster(b) {
			theirs := stack.clusterID(other)
			if other == b || neverTogether(b.service, other.service) || theirs == "" || theirs == id.value || wrongClusterID(other, theirs) != "" {
				continue
			}
			if other.Name < b.Name || !other.env(variable).set {
				report.fault(b.service, b.atEnv(variable), fmt.Sprintf("%s has the cluster id %s, and %s in the same cluster %s: they refuse each other",
					b.Name, id.value, other.Name, theirs), fmt.Sprintf("%s: %s in both", variable, theirs))
				break
			}
		}
	}
}

// clusterID is the id that a node formats its disk with, "" when it is not known. Apache's image has
// a default (configureDefaults).
func (s *Stack) clusterID(b *broker) string {
	if id := b.env("CLUSTER_ID"); id.known() && !placeholder(id.value) {
		return id.value
	}
	if b.image.apache() && b.kraft() && b.lacks("CLUSTER_ID") {
		return "5L6g3nShT-eMCtK--X86sw"
	}
	return ""
}

// wrongClusterID returns why Kafka, or one of its tools, refuses the id; "" when none does.
func wrongClusterID(b *broker, id string) string {
	switch {
	case !isUUID(id) && b.image.kafka().below(3, 7):
		return fmt.Sprintf("the cluster id %s is no UUID in base64 (22 signs): the disk is not formatted, and it does not start", strconv.Quote(id))
	case !isUUID(id):
		return fmt.Sprintf("the cluster id %s is no UUID in base64 (22 signs): Kafka asks for one, and its releases before 3.7 refuse this",
			strconv.Quote(id))
	case strings.HasPrefix(id, "-"):
		return fmt.Sprintf("the cluster id %s begins with -: `kafka-storage format -t` takes it for an option, and fails", id)
	default:
		return ""
	}
}
