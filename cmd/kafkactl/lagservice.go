package main

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// lagService is a service of the topics file, and its consumer group.
type lagService struct{ name, group string }

// loadServices reads the services that --by service lists, by name.
func (o *lagOptions) loadServices() error {
	if o.by.value != lagByService {
		return nil
	}
	if _, err := os.Stat(o.spec.file); errors.Is(err, fs.ErrNotExist) && !o.spec.flags.Changed("file") {
		return withHint(usagef("--by service needs the services of a topics file"), "-f FILE names it; kafkactl schema describes it")
	}
	spec, err := o.spec.parse(o.app)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(spec.Services)) {
		if group := spec.Services[name].Group; group != "" {
			o.services = append(o.services, lagService{name, group})
		}
	}
	if len(o.services) == 0 {
		return withHint(usagef("no service in %s has a group", o.spec.file), "services: {OrderService: {group: order-service-group}}")
	}
	return nil
}
