package acl

import "cmp"

// everyUser is the principal of bindings for everybody, whatever the type of the principal who asks.
const everyUser = "User:" + Any

// Question asks whether somebody may do something with one thing.
type Question struct {
	// Principal is who, with the type: "User:order-service".
	Principal string
	// Host is the IP address that the principal connects from, as [HostText] has it. "" is an address that no binding
	// names: bindings for one address say nothing about it then.
	Host      string
	Operation Operation
	Type      ResourceType
	Name      string
	// OpenToAll is the brokers' setting allow.everyone.if.no.acl.found: a thing that no binding of anybody is about is
	// open to everybody.
	OpenToAll bool
}

// Decision is what an authorizer answers to a [Question].
type Decision struct {
	Allowed bool
	// Binding is the one that decides: the most specific of those that deny, else of those that allow. It is nil where
	// none is about the question.
	Binding *Binding
	// NoACL reports that no binding of anybody is about the thing. The setting allow.everyone.if.no.acl.found decides
	// then.
	NoACL bool
}

// Decide answers as both authorizers of Kafka do for whoever is no super user: StandardAuthorizer (KRaft, KIP-801) and
// AclAuthorizer (ZooKeeper). A denial wins over any number of allowances.
func Decide(bindings []Binding, q Question) Decision {
	var best *Binding
	d := Decision{NoACL: true}
	for i := range bindings {
		b := &bindings[i]
		if b.Type != q.Type || !b.Has(q.Name) {
			continue
		}
		d.NoACL = false
		if b.answers(q) && (best == nil || before(b, best, q)) {
			best = b
		}
	}
	if best != nil {
		found := *best
		d.Binding = &found
	}
	d.Allowed = best != nil && best.Permission == Allow || d.NoACL && q.OpenToAll
	return d
}

// answers reports whether b, which is about the thing, is also about who asks, from where, and what for.
func (b *Binding) answers(q Question) bool {
	return isOrAll(b.Principal, q.Principal, everyUser) && isOrAll(b.Host, q.Host, Any) && b.Operation.decides(q.Operation, b.Permission)
}

// before reports whether a, and not b, is to be named for a decision: denials first, then what says the most about the
// question.
func before(a, b *Binding, q Question) bool {
	specific := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	better := cmp.Or(
		specific(a.Permission == Deny)-specific(b.Permission == Deny),
		specific(a.Pattern == Literal && a.Name == q.Name)-specific(b.Pattern == Literal && b.Name == q.Name),
		specific(a.Pattern == Prefixed)-specific(b.Pattern == Prefixed),
		len(a.Name)-len(b.Name),
		specific(a.Principal == q.Principal)-specific(b.Principal == q.Principal),
		specific(a.Host == q.Host)-specific(b.Host == q.Host),
		specific(a.Operation == q.Operation)-specific(b.Operation == q.Operation),
		specific(b.Operation == All)-specific(a.Operation == All),
		Compare(*b, *a),
	)
	return better > 0
}
