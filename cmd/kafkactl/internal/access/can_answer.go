package access

import (
	"slices"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
)

// canAnswer is what an authorizer says to a question.
type canAnswer struct {
	acl.Question
	acl.Decision
	authorizer bool
	// elsewhere are the addresses from which the answer is the other one. It is for questions without an address.
	elsewhere []hostAnswer
	notes     []string
}

// hostAnswer is the answer for one address.
type hostAnswer struct {
	host string
	acl.Decision
}

// decide asks the brokers for the ACLs that are about the question, and decides with them.
func decide(s *cli.Session, q acl.Question) (canAnswer, error) {
	a := canAnswer{Question: q, authorizer: true}
	bindings, err := s.Kafka.ACLs(s.Ctx, s.Kafka.Seed(), kafka.ACLFilter{Type: q.Type, Name: q.Name})
	if kafka.NoAuthorizer(err) {
		a.Allowed, a.authorizer = true, false
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.Decision = acl.Decide(bindings, q)
	if !a.Allowed && q.Type == acl.Topic && q.Operation == acl.Create {
		// Who may create on the cluster is not asked about the topic: KafkaApis and ControllerApis, CreateTopics.
		onCluster, err := decide(s, acl.Question{Principal: q.Principal, Host: q.Host, Operation: acl.Create, Type: acl.Cluster, Name: acl.ClusterName})
		if err != nil {
			return a, err
		}
		if onCluster.Allowed {
			a.Decision = onCluster.Decision
			return a, nil
		}
	}
	if q.Host == "" {
		a.elsewhere = elsewhere(bindings, q, a.Allowed)
	}
	if !a.Allowed {
		a.notes = append(openNotes(s, a), "super users may do everything, and the brokers tell nobody who they are")
	}
	return a, nil
}

// elsewhere returns the addresses that bindings name, and from which the answer is not allowed.
func elsewhere(bindings []acl.Binding, q acl.Question, allowed bool) []hostAnswer {
	var answers []hostAnswer
	for _, b := range bindings {
		known := slices.ContainsFunc(answers, func(a hostAnswer) bool { return a.host == b.Host })
		if b.Host == acl.Any || known {
			continue
		}
		q.Host = b.Host
		if d := acl.Decide(bindings, q); d.Allowed != allowed {
			answers = append(answers, hostAnswer{b.Host, d})
		}
	}
	return answers
}

// openNotes says what is to be known of a thing that no ACL is about: the brokers may leave it open to everybody.
func openNotes(s *cli.Session, a canAnswer) []string {
	if !a.NoACL {
		return nil
	}
	set, err := setsOpenToAll(s)
	const setting = "allow.everyone.if.no.acl.found"
	switch {
	case err != nil:
		return []string{"no ACL of anybody is about " + a.thing().String() + "; whether the brokers set " + setting + " is not known: " + err.Error()}
	case set:
		return []string{"no ACL of anybody is about " + a.thing().String() + ", and the brokers set " + setting + ", whose value they hide: where it is true, everybody may do everything with it"}
	}
	return nil
}

func setsOpenToAll(s *cli.Session) (bool, error) {
	meta, err := s.Kafka.Metadata(s.Ctx, s.Kafka.Seed(), []string{})
	if err != nil {
		return false, err
	}
	if len(meta.Brokers) == 0 {
		return false, &kafka.UnansweredError{What: kafka.NoBroker}
	}
	return s.Kafka.SetsOpenToAll(s.Ctx, kafka.LiveBrokers(meta)[0].ID)
}

// thing is what the question is about: "topic order.created".
func (a canAnswer) thing() acl.Resource {
	return acl.Resource{Type: a.Type, Pattern: acl.Literal, Name: a.Name}
}
