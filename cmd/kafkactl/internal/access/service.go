package access

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/nearest"
	"kafkactl/internal/topicspec"
)

// userPrefix begins the principals that can log in with a password.
const userPrefix = "User:"

// serviceOf returns a service of the file by its name, with a profile folded in. The error of one that is not there has
// exit code 4; that of one without a principal is a usage error.
func serviceOf(spec *topicspec.Spec, profile, name string) (topicspec.DesiredService, error) {
	desired, err := spec.Access(profile)
	if err != nil {
		return topicspec.DesiredService{}, cli.AsUsage(err)
	}
	for _, service := range desired.Services {
		if service.Name == name {
			return service, nil
		}
	}
	if _, declared := spec.Services[name]; declared {
		return topicspec.DesiredService{}, cli.WithHint(cli.Usagef("%s has no principal in the topics file: no access of it is managed", name),
			fmt.Sprintf(`write services.%s.principal: "User:NAME", or access.principal: "User:{service}" for all services`, name))
	}
	return topicspec.DesiredService{}, unknownService(spec, name)
}

func unknownService(spec *topicspec.Spec, name string) error {
	var names []string
	for service := range spec.Services {
		names = append(names, service)
	}
	slices.Sort(names)
	hint := "the services of the file are " + strings.Join(names, ", ")
	if near := nearest.Names(name, names, 3); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, ", ") + "?"
	} else if len(names) == 0 {
		hint = "the file declares no services"
	}
	return cli.WithHint(cli.WithCode(errors.New("the topics file has no service "+name), cli.ExitNotFound), hint)
}
