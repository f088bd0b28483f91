package root

import (
	"cmp"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/topicspec"
)

// specAtHand is the topics file that the command line, the environment or the default
// names; an empty one when it is not there or cannot be read.
func (a completer) specAtHand(cmd *cobra.Command) *topicspec.Spec { return a.specMeanwhile(cmd)() }

// specMeanwhile is specAtHand, read while the cluster is asked: ten thousand topics take
// as long to parse as to list.
func (a completer) specMeanwhile(cmd *cobra.Command) func() *topicspec.Spec {
	name := a.specName(cmd)
	read := make(chan *topicspec.Spec, 1)
	go func() { read <- a.readSpec(name) }()
	return func() *topicspec.Spec { return <-read }
}

// specName is the topics file that is meant.
func (a completer) specName(cmd *cobra.Command) string {
	if cmd.Flags().Lookup("profile") != nil { // only then --file is a topics file
		_ = a.BindEnv(cmd) // completion runs no PersistentPreRun
		name, _ := cmd.Flags().GetString("file")
		return name
	}
	return cmp.Or(a.Env("KAFKACTL_FILE"), cli.DefaultSpec)
}

func (a completer) readSpec(name string) *topicspec.Spec {
	file, err := os.Open(name) // "-" too: stdin is the shell's
	if err != nil {
		return &topicspec.Spec{}
	}
	defer file.Close() //nolint:errcheck // only read
	spec, err := topicspec.Parse(file, topicspec.Source{File: name, Lookup: a.LookupEnv})
	if err != nil {
		return &topicspec.Spec{}
	}
	return spec
}

// groupServices returns the groups that services have, and the services that have them, in the same order.
func groupServices(spec *topicspec.Spec) (groups []topicspec.NamePattern, services []string) {
	for _, name := range slices.Sorted(maps.Keys(spec.Services)) {
		for _, group := range spec.Services[name].Groups() {
			groups, services = append(groups, group), append(services, name)
		}
	}
	return groups, services
}

// serviceOf returns the last service that has the group, "" for none.
func serviceOf(group string, groups []topicspec.NamePattern, services []string) string {
	found := ""
	for i, one := range groups {
		if one.Matches(group) {
			found = services[i]
		}
	}
	return found
}

// completeProfiles completes the profiles of the topics file.
func (a completer) completeProfiles(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	return offer(slices.Sorted(maps.Keys(a.specAtHand(cmd).Profiles)), toComplete), noFiles
}

// completeConditions completes what wait waits for: its own words, and the topics and
// groups that the topics file declares, for the cluster may not be there yet.
func (a completer) completeConditions(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	conditions, spec := []string{cli.ForZooKeeper, cli.ForBrokers, cli.ForTopics}, a.specAtHand(cmd)
	for _, topic := range slices.Sorted(maps.Keys(spec.Topics)) {
		if !spec.Topics[topic].Absent() {
			conditions = append(conditions, cli.ForTopic+topic)
		}
	}
	var names []string
	groups, _ := groupServices(spec)
	for _, group := range groups {
		if group.One() {
			names = append(names, cli.ForGroup+group.Name)
		}
	}
	slices.Sort(names)
	conditions = append(conditions, slices.Compact(names)...)
	return listed(conditions, toComplete), noFiles
}

// completeConfig completes a setting as name=value: the name with what it does, then
// the values where there are but a few.
func completeConfig(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	if name, value, ok := strings.Cut(toComplete, "="); ok {
		values := offer(topicspec.ConfigValues(name), value)
		for i := range values {
			values[i] = name + "=" + values[i]
		}
		return values, noFiles
	}
	return configNames("=", toComplete), noFiles | cobra.ShellCompDirectiveNoSpace
}

// completeConfigNames completes a list of names of settings.
func completeConfigNames(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	return listed(configNames("", ""), toComplete), noFiles
}

// configNames is the settings a topic can have, with suffix, and what they do.
func configNames(suffix, toComplete string) []string {
	names := offer(topicspec.ConfigNames(), toComplete)
	for i, name := range names {
		names[i] = withNote(name+suffix, topicspec.ConfigNote(name))
	}
	return names
}

// completeServices completes the services of the topics file that have a principal, with that.
func (a completer) completeServices(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	profile, _ := cmd.Flags().GetString("profile")
	desired, err := a.specAtHand(cmd).Access(profile)
	if err != nil {
		return nil, noFiles
	}
	names := make([]string, len(desired.Services))
	for i, service := range desired.Services {
		names[i] = withNote(service.Name, service.Principal)
	}
	return offer(names, toComplete), noFiles
}
