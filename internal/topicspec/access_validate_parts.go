package topicspec

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/acl"
)

// grant checks rights on one resource.
func (v *validator) grant(p path, g Grant) {
	names := g.names()
	switch count := len(names); {
	case g.Cluster && count > 0, count > 1:
		v.faultf(p, "it is about several things: each needs a grant of its own")
	case g.Cluster:
	case count == 0:
		v.faultf(p, "it needs what it is about: topic, group, transactionalId, cluster, delegationToken or user")
	case names[0].kind == acl.User:
		v.fault(p.to(names[0].field), acl.CheckResource(g.resource()))
	default:
		v.namePattern(p.to(names[0].field), names[0].name, names[0].kind)
		if !g.onlyLooks() {
			v.warnOfAll(p.to(names[0].field), names[0].name, names[0].kind)
		}
	}
	if len(g.Allow)+len(g.Deny) == 0 {
		v.faultf(p, "it needs allow or deny")
	}
	v.operations(p.to("allow"), g.Allow, nil, g.resource().Type)
	v.operations(p.to("deny"), g.Deny, g.Allow, g.resource().Type)
	v.hosts(p.to(fieldHosts), g.Hosts)
}

// operations checks what is allowed or denied on a type of resource, "" for one that is not known.
func (v *validator) operations(p path, names, other []string, kind acl.ResourceType) {
	seen := make(map[string]bool)
	for i, name := range names {
		at := p.to(strconv.Itoa(i))
		o, known := operationOf(name)
		switch {
		case seen[name]:
			v.faultf(at, "%q is named twice", name)
		case slices.Contains(other, name):
			v.faultf(at, "%q is allowed as well: the denial wins", name)
		case !known:
			v.faultf(at, "unknown operation %q%s", name, operationHint(name))
		case kind != "":
			v.fault(at, acl.CheckOperation(kind, o))
			v.zooKeeper(at, acl.Binding{Operation: o})
		}
		seen[name] = true
	}
}

// operationHint returns what may have been meant by an unknown operation, "" for no idea.
func operationHint(name string) string {
	if o, known := acl.ParseOperation(name); known {
		return " (write " + acl.FlagWord(o) + ")"
	}
	return didYouMean(name, acl.FlagWords(acl.Operations()))
}

// scram checks a credential. No problem shows what is written: it may be the password.
func (v *validator) scram(p path, sc Scram) {
	if at := p.to(fieldPassword); v.spec.has(at) {
		v.passwordSource(at, sc.Password)
	}
	seen := make(map[string]bool)
	for i, mechanism := range sc.Mechanisms {
		at := p.to("mechanisms", strconv.Itoa(i))
		if mechanism != scramSHA256 && mechanism != scramSHA512 {
			v.faultf(at, "must be %s or %s", scramSHA256, scramSHA512)
		} else if seen[mechanism] {
			v.faultf(at, "%s is named twice", mechanism)
		}
		seen[mechanism] = true
	}
	if sc.Iterations != nil && (*sc.Iterations < 4096 || *sc.Iterations > 16384) {
		v.faultf(p.to("iterations"), "must be between 4096 and 16384")
	}
}

var environmentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// passwordSource checks the place of a password.
func (v *validator) passwordSource(p path, source PasswordSource) {
	declared := 0
	for _, field := range []struct{ name, value string }{{"env", source.Env}, {"file", source.File}, {"generate", source.Generate}} {
		at := p.to(field.name)
		if !v.spec.has(at) {
			continue
		}
		declared++
		switch {
		case field.name == "env" && !environmentName.MatchString(field.value):
			v.faultf(at, "must be the name of an environment variable as ORDER_PASSWORD, without $ and {}, and no password")
		case field.value == "":
			v.faultf(at, "the name of the file is empty")
		case strings.Contains(field.value, "${"):
			v.faultf(at, "variables are not replaced here: write the name of the file")
		}
	}
	if declared != 1 {
		v.faultf(p, "it needs just one of env, file and generate")
	}
}

func (v *validator) quota(p path, q Quota) {
	fields := q.fields()
	for _, f := range fields {
		if f.value.Unset {
			continue
		}
		if _, err := f.canonical(); err != nil {
			v.fault(p.to(f.field), err)
		}
	}
	if at := p.to("clientId"); v.spec.has(at) && q.ClientID == "" {
		v.faultf(at, "is empty: leave the line out for all clients of the user")
	}
}

// connect checks a worker and its connectors.
func (v *validator) connect(p path, c Connect) {
	if at := p.to(fieldGroup); v.spec.has(at) {
		v.plainGroup(at, c.Group)
	}
	for field, topic := range map[string]string{"config": c.Config, "offsets": c.Offsets, "status": c.Status} {
		if problem := nameProblem(topic); v.spec.has(p.to(field)) && problem != "" {
			v.faultf(p.to(field), "%s", problem)
		}
	}
	for _, name := range inFileOrder(v.spec, p.to("connectors"), c.Connectors) {
		at, one := p.to("connectors", name), c.Connectors[name]
		if name == "" {
			v.faultf(at, "the name is empty")
			continue
		}
		if len(one.Consumes) > 0 {
			v.plainGroup(at, sinkGroup(name))
		}
		v.topics(at.to("consumes"), one.Consumes, true)
		v.topics(at.to("produces"), one.Produces, !one.CreatesTopics)
		v.dlq(at.to("dlq"), "", one.DLQ)
	}
}

// plainGroup checks the name of a group that cannot be a prefix.
func (v *validator) plainGroup(p path, name string) {
	switch {
	case name == "":
		v.faultf(p, "the name is empty")
	case strings.Contains(name, acl.Any):
		v.faultf(p, "%q is the name of one group, and no prefix", name)
	default:
		v.zooKeeper(p, acl.Binding{Resource: acl.Resource{Type: acl.Group, Pattern: acl.Literal, Name: name}})
	}
}

// topics checks names of topics, which are to be declared unless somebody else makes them.
func (v *validator) topics(p path, names []string, declared bool) {
	seen := make(map[string]bool)
	for i, name := range names {
		at := p.to(strconv.Itoa(i))
		switch {
		case seen[name]:
			v.faultf(at, "%q is named twice", name)
		case declared:
			v.topic(at, name)
		default:
			if problem := nameProblem(name); problem != "" {
				v.faultf(at, "%s", problem)
			}
		}
		seen[name] = true
	}
}

// topic checks that a topic is declared, and shall exist.
func (v *validator) topic(p path, name string) {
	switch t, known := v.spec.Topics[name]; {
	case name == "":
		v.faultf(p, "the name of the topic is empty")
	case !known:
		v.faultf(p, "topic %q is not declared under topics%s", name, didYouMean(name, slices.Sorted(maps.Keys(v.spec.Topics))))
	case t.Absent():
		v.faultf(p, "topic %q has state %s", name, absent)
	}
}

// dlq checks the topic for what a consumer of another one gives up on.
func (v *validator) dlq(p path, topic, name string) {
	switch {
	case !v.spec.has(p):
	case name == topic && name != "":
		v.faultf(p, "must be another topic: its consumers would read again what they gave up on")
	default:
		v.topic(p, name)
	}
}
