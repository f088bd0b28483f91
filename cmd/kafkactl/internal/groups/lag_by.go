package groups

import (
	"slices"

	"kafkactl/internal/groups"
)

// serviceLag is the lag of a service's group. lag is nil when there is no such group, and
// service is "" for a group of no service.
type serviceLag struct {
	service, group string
	lag            *groups.GroupLag
}

// byService is the lag by service, the worst first, and last the services whose groups
// are not there. Where only some groups or topics are asked for, those are left out.
func (o *lagOptions) byService(view groups.LagView) []serviceLag {
	var all, absent []serviceLag
	for i := range view.Groups {
		g := &view.Groups[i]
		found := false
		for _, s := range o.services {
			if s.group == g.Name {
				found = true
				all = append(all, serviceLag{s.name, s.group, g})
			}
		}
		if !found {
			all = append(all, serviceLag{"", g.Name, g})
		}
	}
	for _, s := range o.services {
		there := slices.ContainsFunc(view.Groups, func(g groups.GroupLag) bool { return g.Name == s.group })
		if !there && len(o.groups) == 0 && len(o.topics) == 0 {
			absent = append(absent, serviceLag{service: s.name, group: s.group})
		}
	}
	return append(all, absent...)
}
