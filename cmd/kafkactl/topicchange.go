package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// topicFlags is what create and alter can ask of a topic.
type topicFlags struct {
	partitions int
	config     []string
}

func (t *topicFlags) addFlags(cmd *cobra.Command, partitionsHelp string) {
	cmd.Flags().IntVar(&t.partitions, "partitions", 0, partitionsHelp)
	cmd.Flags().StringArrayVar(&t.config, "config", nil, "setting as name=value, with units as in the topics file; repeatable")
	_ = cmd.RegisterFlagCompletionFunc("config", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		names := topicspec.ConfigNames()
		for i := range names {
			names[i] += "="
		}
		return names, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	})
}

// desired is the state the flags ask for; unset lists settings to have no override.
func (t *topicFlags) desired(topic string, replicationFactor int, unset []string) (topicspec.Desired, error) {
	config := topicspec.Config{}
	for _, pair := range t.config {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return topicspec.Desired{}, usagef("--config must be name=value, got %q", pair)
		}
		config[name] = topicspec.Setting{Value: value}
	}
	for _, name := range unset {
		if _, both := config[name]; both {
			return topicspec.Desired{}, usagef("--config and --delete-config both name %s", name)
		}
		config[name] = topicspec.Setting{Unset: true}
	}
	d, err := topicspec.NewDesired(topic, t.partitions, replicationFactor, config)
	if err != nil {
		return topicspec.Desired{}, &usageError{err}
	}
	return d, nil
}

// countFlag refuses a count that was given and is not positive.
func countFlag(cmd *cobra.Command, name string, value int) error {
	if cmd.Flags().Changed(name) && value < 1 {
		return usagef("--%s must be at least 1, got %d", name, value)
	}
	return nil
}

// converge makes one topic what the flags ask for, from plan, and reports it.
func (a *app) converge(s *session, d topicspec.Desired, plan topicspec.Plan, start time.Time) error {
	if err := s.Validate(s.ctx, plan); err != nil {
		var refused *admin.RefusedError
		if errors.As(err, &refused) {
			err = refused.Refusals[d.Name]
		}
		return fmt.Errorf("topic %q: %w", d.Name, err)
	}
	report, settled := s.ConvergeFrom(s.ctx, []topicspec.Desired{d}, admin.Planned{Plan: plan})
	return a.finish(reported{report, settled, time.Since(start)})
}
