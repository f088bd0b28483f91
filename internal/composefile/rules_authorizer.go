package composefile

import (
	"fmt"
	"slices"
	"strings"
)

// authorizerClasses: an authorizer belongs to what keeps the ACLs. Kafka 3.0 dropped
// SimpleAclAuthorizer and 4.0 AclAuthorizer, which asks for ZooKeeper (seen with 4.3.1:
// ClassNotFoundException); StandardAuthorizer reads the metadata of KRaft, and with ZooKeeper waits for
// them and opens no listener (seen with 3.9.2). With the class on some nodes of a cluster alone, the
// others enforce no ACL, and a controller without it keeps none: "No Authorizer is configured"
// (AclApis).
func authorizerClasses(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		class := b.env(authorizerVariable).value
		right := zookeeperAuthorizers()[0]
		if b.kraft() {
			right = kraftAuthorizer
		}
		fix := authorizerVariable + ": " + right
		switch of := slices.Index(zookeeperAuthorizers(), class); {
		case of >= 0 && b.kraft():
			report.fault(b.service, b.atEnv(authorizerVariable), class+" keeps its ACLs in ZooKeeper, which KRaft does not have: the broker does not start", fix)
		case of == 1 && b.image.kafka().atLeast(3, 0):
			report.fault(b.service, b.atEnv(authorizerVariable), class+" is gone since Kafka 3.0: the broker does not start", fix)
		case class == kraftAuthorizer && b.env("KAFKA_ZOOKEEPER_CONNECT").set && b.lacks("KAFKA_PROCESS_ROLES") && !b.image.kafka().atLeast(4, 0):
			report.fault(b.service, b.atEnv(authorizerVariable), class+" waits for the metadata of KRaft, and this broker has ZooKeeper: it opens no listener", fix)
		case class == "" && b.lacks(authorizerVariable):
			if other := stack.authorizedPeer(b); other != nil {
				what := "enforces no ACL"
				if b.plays("CONTROLLER") {
					what += ", and as a controller keeps none"
				}
				report.fault(b.service, b.at(key("environment")), fmt.Sprintf("%s has an authorizer, and %s of the same cluster has none: it %s", other.Name, b.Name, what),
					authorizerVariable+": "+other.env(authorizerVariable).value+", and "+superUsersVariable+" as in "+other.Name)
			}
		}
	}
}

// authorizedPeer returns a broker of the same cluster that has an authorizer, nil for none.
func (s *Stack) authorizedPeer(b *broker) *broker {
	for _, other := range s.cluster(b) {
		if other != b && other.authorized() {
			return other
		}
	}
	return nil
}

// superUsers: super.users is TYPE:NAME;TYPE:NAME. A part without a type ends the start ("expected a
// string in format principalType:principalName", seen with 4.3.1). A comma does not separate: it is
// part of a subject, so that User:a,User:b is one user of that name (StandardAuthorizer).
func superUsers(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if !b.authorized() {
			continue
		}
		users, _ := b.superUsers()
		list := b.env(superUsersVariable).value
		wrong := slices.IndexFunc(users, func(user string) bool { return strings.Index(user, ":") < 1 })
		switch commas := strings.Count(list, ",User:"); {
		case commas > 0:
			report.fault(b.service, b.atEnv(superUsersVariable), "a comma does not separate super users: this is one user with a long name, and nobody is called so",
				superUsersVariable+": "+strings.ReplaceAll(list, ",User:", ";User:"))
		case wrong >= 0 && strings.Contains(users[wrong], ","):
			report.fault(b.service, b.atEnv(superUsersVariable), fmt.Sprintf("the super user %q has no type: the broker does not start", users[wrong]),
				superUsersVariable+": User:NAME;User:NAME")
		case wrong >= 0:
			report.fault(b.service, b.atEnv(superUsersVariable), fmt.Sprintf("the super user %q has no type: the broker does not start", users[wrong]),
				"User:"+users[wrong]+" in "+superUsersVariable)
		}
	}
}

// brokerPrincipals: what brokers and controllers ask of each other needs CLUSTER_ACTION on the
// cluster, so the principal that a node comes as must be a super user: nothing else can grant it
// before there is a cluster. Without it the votes and registrations of KRaft are refused (4.3.1:
// "BROKER_REGISTRATION … needs CLUSTER_ACTION permission", and with three nodes VOTE), and ZooKeeper's
// controller cannot tell the brokers anything (3.9.2: CLUSTER_AUTHORIZATION_FAILED in UPDATE_METADATA).
// With allow.everyone.if.no.acl.found they are let in until somebody writes an ACL for the cluster
// (everyoneAllowed).
func brokerPrincipals(stack *Stack, report reporter) {
	for _, b := range stack.brokers {
		if open, known := b.open(); !b.authorized() || open || !known || !b.kraft() && stack.grantsEarly() {
			continue
		}
		for _, own := range stack.ownListeners(b) {
			users, known := b.superUsers()
			if !known {
				break
			}
			if who, lacking := lacks(users, stack.comesAs(b, own.name, own.mechanism)); lacking {
				report.fault(b.service, b.atEnv(superUsersVariable), own.what+" "+who.describe()+": "+own.fails, who.fix(users, own.name))
				break
			}
		}
	}
}

// grantsEarly reports a service that may write ACLs into ZooKeeper before a broker runs.
func (s *Stack) grantsEarly() bool {
	return slices.ContainsFunc(s.services, func(svc *service) bool {
		return strings.Contains(svc.script(), "kafka-acls") && strings.Contains(svc.script(), "zookeeper")
	})
}

// ownListener is a listener by which the nodes of a cluster reach each other.
type ownListener struct {
	name, mechanism string // mechanism is the setting that says with which one they log in
	what, fails     string
}

// ownListeners returns the controllers' listener and the brokers', where their refusal is certain to
// be felt: a KRaft broker that is alone hardly calls itself.
func (s *Stack) ownListeners(b *broker) []ownListener {
	var own []ownListener
	if names := b.controllerNames(); b.plays("CONTROLLER") && len(names) > 0 {
		fails := "it is refused, and no broker registers"
		if s.controllers(b) > 1 {
			fails = "votes are refused, and no quorum forms"
		}
		own = append(own, ownListener{names[0], "sasl.mechanism.controller.protocol", "to the controllers this node", fails})
	}
	size, known := s.clusterSize(b)
	if b.controllerOnly() || b.kraft() && (!known || size < 2) {
		return own
	}
	fails := "the followers are refused, and nothing is replicated"
	if !b.kraft() {
		fails = "the controller's requests are refused, and no partition has a leader"
	}
	return append(own, ownListener{b.interBroker(), "sasl.mechanism.inter.broker.protocol", "to the other brokers this one", fails})
}

// controllers returns how many nodes of the cluster are controllers.
func (s *Stack) controllers(b *broker) (n int) {
	for _, member := range s.cluster(b) {
		if member.plays("CONTROLLER") {
			n++
		}
	}
	return n
}

// lacks reports that who is certainly none of the super users; the principal is then one to name.
func lacks(users []string, who principal) (principal, bool) {
	switch {
	case who.name != "":
		return who, !slices.Contains(users, who.name)
	case who.subject:
		return who, !slices.ContainsFunc(users, func(user string) bool { return strings.Contains(user, "=") })
	default: // whoever it is, with no super user at all it is none
		return who, len(users) == 0
	}
}

func (p principal) describe() string {
	switch {
	case p.name != "":
		return "comes as " + p.name + " (" + p.why + "), which is no super user"
	case p.subject:
		return "comes as the whole subject of its certificate (" + p.why + "), which is no super user"
	default:
		return "comes as no super user, for there is none"
	}
}

// fix returns the line that lets the principal in. ANONYMOUS is let in only as a last resort: whoever
// reaches the listener is it, too.
func (p principal) fix(users []string, listener string) string {
	list := superUsersVariable + ": " + strings.Join(slices.Concat([]string{p.name}, users), ";")
	switch {
	case p.name == "" && !p.subject:
		return superUsersVariable + ": User:NAME, the name that the nodes have there"
	case p.name == "":
		return "KAFKA_SSL_PRINCIPAL_MAPPING_RULES: RULE:^CN=([^,]+).*$$/$$1/,DEFAULT, and the names that it gives in " + superUsersVariable
	case p.name == anonymous:
		return fmt.Sprintf("SSL with KAFKA_SSL_CLIENT_AUTH: required for %s, and the name in its certificate in %s; or, where nobody else reaches it, %s", listener, superUsersVariable, list)
	default:
		return list
	}
}
