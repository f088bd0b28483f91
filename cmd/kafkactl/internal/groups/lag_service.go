package groups

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/groups"
	"kafkactl/internal/topicspec"
)

// lagService is a service of the topics file, and one of its consumer groups, or all that begin so.
type lagService struct {
	name  string
	group topicspec.NamePattern
}

// loadServices reads the services that --by service lists, by name.
func (o *lagOptions) loadServices() error {
	if o.by != lagByService {
		return nil
	}
	if _, err := os.Stat(o.spec.File); errors.Is(err, fs.ErrNotExist) && !o.spec.Flags.Changed("file") {
		return cli.WithHint(cli.Usagef("--by service needs the services of a topics file"), "-f FILE names it; kafkactl schema describes it")
	}
	spec, err := o.spec.Parse(o.app)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Services)) {
		for _, group := range spec.Services[name].Groups() {
			o.services = append(o.services, lagService{name, group})
		}
	}
	if len(o.services) == 0 {
		return cli.WithHint(cli.Usagef("no service in %s has a group", o.spec.File), "services: {OrderService: {group: order-service-group}}")
	}
	return nil
}

// serviceLag is the lag of a service's group. lag is nil when there is no such group, and service
// is "" for a group of no service.
type serviceLag struct {
	service, group string
	lag            *groups.GroupLag
}

// byService returns the lag by service and group, the worst first, and last the services whose groups are not
// there. Where only some groups or topics are asked for, those are left out.
func (o *lagOptions) byService(view groups.LagView) []serviceLag {
	var all, absent []serviceLag
	for i := range view.Groups {
		g := &view.Groups[i]
		found := false
		for _, s := range o.services {
			if s.group.Matches(g.Name) {
				found = true
				all = append(all, serviceLag{s.name, g.Name, g})
			}
		}
		if !found {
			all = append(all, serviceLag{"", g.Name, g})
		}
	}
	for _, s := range o.services {
		there := slices.ContainsFunc(view.Groups, func(g groups.GroupLag) bool { return s.group.Matches(g.Name) })
		if !there && len(o.groups) == 0 && len(o.topics) == 0 {
			absent = append(absent, serviceLag{service: s.name, group: s.group.String()})
		}
	}
	return append(all, absent...)
}
