package groups

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// lagService is a service of the topics file, and its consumer group.
type lagService struct{ name, group string }

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
		if group := spec.Services[name].Group; group != "" {
			o.services = append(o.services, lagService{name, group})
		}
	}
	if len(o.services) == 0 {
		return cli.WithHint(cli.Usagef("no service in %s has a group", o.spec.File), "services: {OrderService: {group: order-service-group}}")
	}
	return nil
}
