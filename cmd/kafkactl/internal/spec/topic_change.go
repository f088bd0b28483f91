package spec

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// topicFlags are the flags of create and alter that say what a topic shall be.
type topicFlags struct {
	partitions int
	config     []string
}

func (t *topicFlags) addFlags(cmd *cobra.Command, partitionsHelp string) {
	cmd.Flags().IntVar(&t.partitions, "partitions", 0, partitionsHelp)
	cmd.Flags().StringArrayVar(&t.config, "config", nil, "setting as name=value, with units as in the topics file; repeatable")
}

// desired returns the state that the flags ask for; unset lists settings to have no override.
func (t *topicFlags) desired(topic string, replicationFactor int, unset []string) (topicspec.Desired, error) {
	config := topicspec.Config{}
	for _, pair := range t.config {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return topicspec.Desired{}, cli.Usagef("--config must be name=value, got %q", pair)
		}
		config[name] = topicspec.Setting{Value: value}
	}
	for _, name := range unset {
		if _, both := config[name]; both {
			return topicspec.Desired{}, cli.Usagef("--config and --delete-config both name %s", name)
		}
		config[name] = topicspec.Setting{Unset: true}
	}
	d, err := topicspec.NewDesired(topic, t.partitions, replicationFactor, config)
	if err != nil {
		return topicspec.Desired{}, cli.AsUsage(err)
	}
	return d, nil
}

// sayDoubts says what the flags ask for and is hardly meant.
func sayDoubts(a *cli.App, d topicspec.Desired) {
	for _, doubt := range d.Doubts() {
		a.Notef("warning: topic %q: %s", d.Name, doubt)
	}
}

// countFlag returns a usage error for a count that was given and is not positive.
func countFlag(cmd *cobra.Command, name string, value int) error {
	if cmd.Flags().Changed(name) && value < 1 {
		return cli.Usagef("--%s must be at least 1, got %d", name, value)
	}
	return nil
}

// topicChange is one topic that flags name: what they ask for and what the cluster has.
type topicChange struct {
	*cli.Session
	desired  topicspec.Desired
	plan     topicspec.Plan
	existing topicspec.Observed
	exists   bool
}

// newTopicChange connects to the cluster and compares its topic with d; what has a risk that is not accepted is blocked.
// The caller closes it.
func newTopicChange(ctx context.Context, a *cli.App, c *cli.Connection, d topicspec.Desired, accept topicspec.Consent) (*topicChange, error) {
	s, err := a.Connect(ctx, c)
	if err != nil {
		return nil, err
	}
	observed, err := s.Observe(s.Ctx, []string{d.Name})
	if err != nil {
		s.Close()
		return nil, err
	}
	s.Client = s.WithConsent(accept)
	t := &topicChange{Session: s, desired: d, plan: s.PlanObserved(s.Ctx, []topicspec.Desired{d}, observed)}
	t.plan.Unmanaged = nil // settings that were not named are none of its business
	t.existing, t.exists = observed[d.Name]
	return t, nil
}

// converge makes the topic what the flags ask for, and reports it.
func converge(a *cli.App, t *topicChange, start time.Time) error {
	line := a.NewWaitLine(start)
	client := t.WithProgress(line.Show)
	err := client.ValidateSoon(t.Ctx, t.plan)
	if err != nil {
		line.Finish()
		var refused *admin.RefusedError
		if errors.As(err, &refused) {
			err = refused.Words()
		}
		return readiness.WithTopic(t.desired.Name, err)
	}
	report, settled := client.ConvergeFrom(t.Ctx, []topicspec.Desired{t.desired}, admin.Planned{Plan: t.plan})
	line.Finish()
	return changes.PrintReport(a, changes.Report{Report: report, Settled: settled, Elapsed: time.Since(start)})
}
