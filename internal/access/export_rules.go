package access

import (
	"maps"
	"slices"
	"strings"

	"kafkactl/internal/acl"
	"kafkactl/internal/topicspec"
)

// quotas adds the quota of all clients of a user, or else of its first client: a service has one.
func (e *exporting) quotas(s *topicspec.DesiredService, all []exportedQuota) {
	slices.SortFunc(all, func(a, b exportedQuota) int { return strings.Compare(a.clientID, b.clientID) })
	for i, quota := range all {
		for _, key := range slices.Sorted(maps.Keys(quota.values)) {
			why, refused := "", topicspec.CheckQuota(key, number(quota.values[key]).String())
			switch {
			case refused != nil:
				why = refused.Error()
			case s.Principal == everyone || s.Principal == anonymous:
				why = "it is not of one client alone"
			case i > 0:
				why = "a service has one quota, for all clients or for one"
			}
			if why == "" {
				if s.Quota == nil {
					s.Quota = make(map[string]topicspec.Setting)
				}
				s.Quota[key], s.QuotaClientID = topicspec.Setting{Value: number(quota.values[key]).String()}, quota.clientID
				continue
			}
			what := "quota " + key + " " + number(quota.values[key]).String() + " of user " + strings.TrimPrefix(s.Principal, userPrefix)
			if quota.clientID != "" {
				what += " and client " + quota.clientID
			}
			e.done.Left = append(e.done.Left, Leftover{Service: s.Name, What: what, Why: why})
		}
	}
}

// noGroup is what a file says of a consumer without a group.
const noGroup = "none"

// right is an operation on a resource, from some hosts.
type right struct {
	acl.Resource
	permission acl.Permission
	operation  acl.Operation
	hosts      []string
}

// rules adds what bindings say. Those of one role have the hosts of the service; where hosts differ, the rest are grants.
func (e *exporting) rules(s *topicspec.DesiredService, bindings []acl.Binding) {
	all := rightsOf(bindings)
	roles := slices.DeleteFunc(slices.Clone(all), func(r right) bool { return !e.isRole(s.Principal, r) })
	s.Hosts = commonHosts(roles)
	var groups, rest []right
	for _, r := range all {
		name := topicspec.NamePattern{Name: r.Name, Pattern: r.Pattern}
		switch {
		case !e.isRole(s.Principal, r) || !slices.Equal(r.hosts, s.Hosts):
			rest = append(rest, r)
		case r.Type == acl.Group:
			groups = append(groups, r)
		case r.Type == acl.TransactionalID:
			s.TransactionalIDs = append(s.TransactionalIDs, name)
		case r.operation == acl.Read:
			s.Consumes = append(s.Consumes, topicspec.Consumed{Topic: r.Name})
		default:
			s.Produces = append(s.Produces, r.Name)
		}
	}
	s.Grants = grantsOf(rest)
	if len(s.Consumes) == 0 && !slices.ContainsFunc(s.Grants, readsTopics) {
		s.Grants = grantsOf(append(rest, groups...))
		return
	}
	for _, r := range groups {
		s.Groups = append(s.Groups, topicspec.NamePattern{Name: r.Name, Pattern: r.Pattern})
	}
}

// rightsOf puts bindings together that differ in their hosts alone. One from any host is by itself: in a file, that has no
// others beside it.
func rightsOf(bindings []acl.Binding) []right {
	var all []right
	for _, b := range bindings { // sorted: hosts vary first
		last := len(all) - 1
		if last >= 0 && all[last].Resource == b.Resource && all[last].permission == b.Permission && all[last].operation == b.Operation && all[last].hosts[0] != acl.Any {
			all[last].hosts = append(all[last].hosts, b.Host)
			continue
		}
		all = append(all, right{b.Resource, b.Permission, b.Operation, []string{b.Host}})
	}
	return all
}

// isRole reports whether a right is one of a producer, a consumer or a transactional producer. Everybody's is not, and
// neither are transactional ids with those of another principal among them: that a file says with grants alone.
func (e *exporting) isRole(principal string, r right) bool {
	switch {
	case principal == everyone || principal == anonymous || r.permission != acl.Allow:
		return false
	case r.Type == acl.Topic:
		return r.Pattern == acl.Literal && e.topics[r.Name] && (r.operation == acl.Read || r.operation == acl.Write)
	case r.Type == acl.TransactionalID:
		return r.operation == acl.Write && !slices.ContainsFunc(e.ids, func(b acl.Binding) bool {
			return r.Pattern == acl.Prefixed && b.Principal != principal && r.Covers(b.Resource)
		})
	default:
		return r.Type == acl.Group && r.operation == acl.Read && r.Name != noGroup
	}
}

// commonHosts returns the hosts that most bindings have, all of them when there is no right.
func commonHosts(all []right) []string {
	counts := make(map[string]int)
	best := []string{acl.Any}
	for _, r := range all {
		key := strings.Join(r.hosts, " ")
		if counts[key] += len(r.hosts); counts[key] > counts[strings.Join(best, " ")] {
			best = r.hosts
		}
	}
	return best
}

// grantsOf puts rights together that are about one resource from the same hosts.
func grantsOf(all []right) []topicspec.DesiredGrant {
	var grants []topicspec.DesiredGrant
	slices.SortStableFunc(all, func(a, b right) int {
		return acl.Compare(acl.Binding{Resource: a.Resource}, acl.Binding{Resource: b.Resource})
	})
	for _, r := range all {
		i := slices.IndexFunc(grants, func(g topicspec.DesiredGrant) bool { return g.Resource == r.Resource && slices.Equal(g.Hosts, r.hosts) })
		if i < 0 {
			i = len(grants)
			grants = append(grants, topicspec.DesiredGrant{Resource: r.Resource, Hosts: r.hosts})
		}
		if r.permission == acl.Deny {
			grants[i].Deny = append(grants[i].Deny, r.operation)
		} else {
			grants[i].Allow = append(grants[i].Allow, r.operation)
		}
	}
	return grants
}
