package topicspec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kafkactl/internal/acl"
	"kafkactl/internal/yaml"
)

// ExportedAccess is what an exported file says of users, ACLs and quotas; nil says nothing of them.
type ExportedAccess struct {
	// Services has none that is absent, and none with a credential, Streams, Connect or a topic for dead letters: brokers do
	// not know of these.
	Services []DesiredService
	// Left is what the file does not say, as comments by the name of a service; those of "" stand above all services.
	Left map[string][]string
}

// policy returns what the file says about access as a whole.
func (e *ExportedAccess) policy() []*yaml.Node {
	if e == nil {
		return nil
	}
	key := text("access")
	if len(e.Services) == 0 {
		key.HeadComment = comment(e.Left[""])
	}
	return []*yaml.Node{key, mapping(text("acls"), text(string(ACLsAuto)))}
}

// services returns the services with what topics do not say of them.
func (e *ExportedAccess) services() []*yaml.Node {
	if e == nil || len(e.Services) == 0 {
		return nil
	}
	list := mapping()
	for _, s := range e.Services {
		key := text(s.Name)
		key.HeadComment = comment(e.Left[s.Name])
		list.Content = append(list.Content, key, exportedService(s))
	}
	key := text("services")
	key.HeadComment = comment(e.Left[""])
	return []*yaml.Node{key, list}
}

// roles returns who produces and consumes a topic.
func (e *ExportedAccess) roles(topic string) []*yaml.Node {
	if e == nil {
		return nil
	}
	var producers, consumers []string
	for _, s := range e.Services {
		if slices.Contains(s.Produces, topic) {
			producers = append(producers, s.Name)
		}
		if slices.ContainsFunc(s.Consumes, func(c Consumed) bool { return c.Topic == topic }) {
			consumers = append(consumers, s.Name)
		}
	}
	var fields []*yaml.Node
	if len(producers) > 0 {
		fields = append(fields, text("producers"), values(producers))
	}
	if len(consumers) > 0 {
		fields = append(fields, text("consumers"), values(consumers))
	}
	return fields
}

func exportedService(s DesiredService) *yaml.Node {
	fields := mapping(text(fieldPrincipal), written(s.Principal))
	add := func(name string, value *yaml.Node) { fields.Content = append(fields.Content, text(name), value) }
	switch {
	case len(s.Groups) > 0:
		add(fieldGroup, patterns(s.Groups))
	case len(s.Consumes) > 0:
		add(fieldGroup, written(none))
	}
	if len(s.TransactionalIDs) > 0 {
		add(fieldTransactional, patterns(s.TransactionalIDs))
	}
	if anywhere := []string{acl.Any}; !slices.Equal(s.Hosts, anywhere) {
		add(fieldHosts, values(s.Hosts))
	}
	if len(s.Quota) > 0 {
		add(fieldQuota, exportedQuota(s))
	}
	if len(s.Grants) > 0 {
		grants := &yaml.Node{Kind: yaml.SequenceNode}
		for _, g := range s.Grants {
			grants.Content = append(grants.Content, g.exported(s.Hosts))
		}
		add("grants", grants)
	}
	return fields
}

// exportedQuota returns the quotas as people write them, bytes with a unit.
func exportedQuota(s DesiredService) *yaml.Node {
	fields := onOneLine(mapping())
	for _, f := range (Quota{}).all() {
		setting, set := s.Quota[f.key]
		if !set {
			continue
		}
		number := setting.Value
		if f.whole {
			number = Humanize(".bytes", number)
		}
		fields.Content = append(fields.Content, text(f.field), &yaml.Node{Kind: yaml.ScalarNode, Value: number})
	}
	if s.QuotaClientID != "" {
		fields.Content = append(fields.Content, text("clientId"), written(s.QuotaClientID))
	}
	return fields
}

// exported returns the grant of a service with these hosts.
func (g DesiredGrant) exported(serviceHosts []string) *yaml.Node {
	name := written(NamePattern{g.Name, g.Pattern}.String())
	fields := map[acl.ResourceType][]*yaml.Node{
		acl.Topic:           {text("topic"), name},
		acl.Group:           {text(fieldGroup), name},
		acl.TransactionalID: {text(fieldTransactional), name},
		acl.DelegationToken: {text("delegationToken"), name},
		acl.User:            {text("user"), name},
		acl.Cluster:         {text("cluster"), {Kind: yaml.ScalarNode, Value: "true"}},
	}
	grant := onOneLine(mapping(fields[g.Type]...))
	add := func(name string, list []string) {
		if len(list) > 0 {
			grant.Content = append(grant.Content, text(name), values(list))
		}
	}
	add("allow", acl.FlagWords(g.Allow))
	add("deny", acl.FlagWords(g.Deny))
	if !slices.Equal(g.Hosts, serviceHosts) {
		add(fieldHosts, g.Hosts)
	}
	return grant
}

// patterns is one name, or a list of them.
func patterns(names []NamePattern) *yaml.Node {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = name.String()
	}
	if len(list) == 1 {
		return written(list[0])
	}
	return values(list)
}

func values(list []string) *yaml.Node {
	node := onOneLine(&yaml.Node{Kind: yaml.SequenceNode})
	for _, one := range list {
		node.Content = append(node.Content, written(one))
	}
	return node
}

// written is a text in a file, in which variables would be replaced.
func written(s string) *yaml.Node { return text(strings.ReplaceAll(s, "$", "$$")) }

func onOneLine(n *yaml.Node) *yaml.Node {
	n.Style = yaml.FlowStyle
	return n
}

// comment returns lines as a comment, "" for none. What is no letter or sign is escaped, so that no name ends the comment.
func comment(lines []string) string {
	var all []string
	for _, line := range lines {
		var printable strings.Builder
		for _, r := range line {
			if strconv.IsPrint(r) {
				printable.WriteRune(r)
			} else {
				fmt.Fprintf(&printable, `\u%04x`, r)
			}
		}
		all = append(all, "# "+printable.String())
	}
	return strings.Join(all, "\n")
}
