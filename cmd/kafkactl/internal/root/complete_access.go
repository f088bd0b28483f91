package root

import (
	"slices"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
)

// completePrincipals completes the principals that have an ACL.
func (a completer) completePrincipals(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	return a.fromCluster(cmd, func(s *cli.Session) ([]string, error) {
		bindings, err := s.Kafka.ACLs(s.Ctx, s.Kafka.Seed(), kafka.ACLFilter{})
		principals := make([]string, len(bindings))
		for i, b := range bindings {
			principals[i] = kafka.Printable(b.Principal)
		}
		return offer(slices.Compact(principals), toComplete), err
	}), noFiles
}

// completeQuestion completes "can PRINCIPAL OPERATION RESOURCE-TYPE NAME".
func (a completer) completeQuestion(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	switch len(args) {
	case 0:
		return a.completePrincipals(cmd, args, toComplete)
	case 1:
		return offer(acl.FlagWords(acl.Operations()[1:]), toComplete), noFiles // all but ALL
	case 2:
		operation, _ := acl.ParseOperation(args[1])
		knows := slices.DeleteFunc(acl.ResourceTypes(), func(t acl.ResourceType) bool { return acl.CheckOperation(t, operation) != nil })
		return offer(acl.FlagWords(knows), toComplete), noFiles
	case 3:
		switch kind, _ := acl.ParseResourceType(args[2]); kind {
		case acl.Topic:
			return a.completeTopics(cmd, nil, toComplete)
		case acl.Group:
			return a.completeGroups(cmd, nil, toComplete)
		case acl.User:
			return a.completePrincipals(cmd, nil, toComplete)
		}
	}
	return nil, noFiles
}
