package access

import (
	"fmt"
	"slices"
	"strings"

	"kafkactl/internal/acl"
)

// firstOfCluster blocks what may lock kafkactl itself out: where allow.everyone.if.no.acl.found lets everybody in, the
// first ACL of the cluster leaves only those who are in it. A super user could stay, but brokers tell nobody who is one.
func (c *comparison) firstOfCluster(b acl.Binding, r *rights) string {
	if b.Type != acl.Cluster || !c.observed.OpenToAll || r.clusterClosed || r.altersCluster(c.observed.Own) {
		return ""
	}
	own := c.observed.Own
	if own == "" {
		own = "the principal of kafkactl"
	}
	return fmt.Sprintf("it would be the first ACL of the cluster, and allow.everyone.if.no.acl.found is set: unless %s is a super user it could "+
		"change nothing any more; give it ALTER on the cluster first, with kafka-acls --add or in its grants", own)
}

// altersCluster reports whether the file has a principal alter the cluster, from wherever it is.
func (r *rights) altersCluster(principal string) bool {
	return slices.ContainsFunc(r.allows[principal], func(b acl.Binding) bool {
		return b.Type == acl.Cluster && (b.Operation == acl.Alter || b.Operation == acl.All) && b.Host == acl.Any
	})
}

// closes notes which declared topics get their first ACL, where everybody may do everything with what has none.
func (c *comparison) closes(added []acl.Binding, r *rights) {
	if !c.observed.OpenToAll {
		return
	}
	const most = 10
	before, after := newTopicNames(), newTopicNames()
	for b, known := range r.all {
		if known.shown {
			before.add(b.Resource)
		}
	}
	for _, b := range added {
		after.add(b.Resource)
	}
	var topics []string
	for _, topic := range c.desired.Topics {
		if after.has(topic) && !before.has(topic) {
			topics = append(topics, topic)
		}
	}
	text := strings.Join(topics[:min(most, len(topics))], ", ")
	switch more := len(topics) - most; {
	case len(topics) == 0:
		return
	case more > 0:
		text = fmt.Sprintf("%s and %d more", text, more)
	}
	c.note(fmt.Sprintf("the first ACL on %s may lock out every client that is not listed: allow.everyone.if.no.acl.found is set on the brokers", text))
}

// topicNames are the names of topics that some bindings are about.
type topicNames struct {
	literal map[string]bool
	many    []acl.Resource // prefixes, and every topic
}

func newTopicNames() *topicNames { return &topicNames{literal: make(map[string]bool)} }

func (t *topicNames) add(r acl.Resource) {
	switch {
	case r.Type != acl.Topic:
	case r.Pattern == acl.Literal && r.Name != acl.Any:
		t.literal[r.Name] = true
	case !slices.Contains(t.many, r):
		t.many = append(t.many, r)
	}
}

func (t *topicNames) has(topic string) bool {
	return t.literal[topic] || slices.ContainsFunc(t.many, func(r acl.Resource) bool { return r.Has(topic) })
}
