package root

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafka"
)

// completionTimeout is how long a completion may ask the cluster: a shell that waits longer seems
// to hang. KAFKACTL_COMPLETION_TIMEOUT gives clusters that are far away more.
const completionTimeout = 250 * time.Millisecond

// fromCluster returns what ask finds on the cluster, and nothing, without a message, when that does
// not answer in time. It returns what ask found before an error too: a completion may have gaps.
func (a completer) fromCluster(cmd *cobra.Command, ask func(*cli.Session) ([]string, error)) []string {
	if err := a.BindEnv(cmd); err != nil { // completion runs no PersistentPreRun
		return nil
	}
	if err := a.ReadSecurity(cmd); err != nil {
		return nil
	}
	timeout, _ := time.ParseDuration(a.Env("KAFKACTL_COMPLETION_TIMEOUT"))
	connection, asks := cli.ConnectionOf(cmd, cmp.Or(max(timeout, 0), completionTimeout))
	if !asks {
		return nil
	}
	s, err := a.Connect(cmd.Context(), connection)
	if err != nil {
		return nil
	}
	defer s.Close()
	values, _ := ask(s)
	return values
}

// completeTopics completes topic names, with what the topics file says of them. Kafka's own topics
// are offered only once their first letters are typed.
func (a completer) completeTopics(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	declared := a.specMeanwhile(cmd)
	return a.fromCluster(cmd, func(s *cli.Session) ([]string, error) {
		topics, err := s.ListTopics(s.Ctx)
		spec := declared()
		var names []string
		for _, t := range topics {
			if strings.HasPrefix(t.Name, toComplete) && (!t.Internal || toComplete != "") {
				names = append(names, withNote(t.Name, spec.Topics[t.Name].Description))
			}
		}
		return names, err
	}), noFiles
}

// completeGroups completes the names of consumer groups, with the service that the
// topics file says is theirs.
func (a completer) completeGroups(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	declared := a.specMeanwhile(cmd)
	return a.fromCluster(cmd, func(s *cli.Session) ([]string, error) {
		groups, err := s.Groups.Names(s.Ctx)
		theirs, services := groupServices(declared())
		groups = offer(groups, toComplete)
		for i, group := range groups {
			groups[i] = withNote(kafka.Printable(group), serviceOf(group, theirs, services))
		}
		return groups, err
	}), noFiles
}

// completeBrokers completes the ids of live brokers, with their addresses.
func (a completer) completeBrokers(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	return a.fromCluster(cmd, func(s *cli.Session) ([]string, error) {
		brokers, err := s.Brokers(s.Ctx)
		var ids []string
		for _, b := range brokers {
			ids = append(ids, withNote(strconv.Itoa(b.ID), b.Address()))
		}
		return offer(ids, toComplete), err
	}), noFiles
}

// completePartitions completes partitions of the topics that the command line names:
// those that any of them has.
func (a completer) completePartitions(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	topics := append(slices.Clone(args), topicsFlag(cmd)...)
	partitions := a.fromCluster(cmd, func(s *cli.Session) ([]string, error) {
		most := 0
		for _, name := range topics {
			topic, err := s.Topic(s.Ctx, name)
			if err == nil {
				most = max(most, topic.Partitions)
			}
		}
		ids := make([]string, most)
		for i := range ids {
			ids[i] = strconv.Itoa(i)
		}
		return ids, nil
	})
	return listed(partitions, toComplete), noFiles
}

// topicsFlag is what --topic names, where the command has it.
func topicsFlag(cmd *cobra.Command) []string {
	flag := cmd.Flags().Lookup("topic")
	switch {
	case flag == nil || !flag.Changed:
		return nil
	case flag.Value.Type() == "string":
		return []string{flag.Value.String()}
	default:
		return strings.Split(strings.Trim(flag.Value.String(), "[]"), ",")
	}
}

// withNote is a value with a description, where there is one.
func withNote(value, note string) string {
	if note == "" {
		return value
	}
	return cobra.CompletionWithDesc(value, note)
}
