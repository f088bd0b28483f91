package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

// waiting is the flags of the commands that climb the readiness ladder.
type waiting struct {
	connection
	zookeeper  []string
	minBrokers int
}

func (o *waiting) addFlags(cmd *cobra.Command) {
	o.connection.addFlags(cmd, waitTimeout)
	cmd.Flags().StringSliceVar(&o.zookeeper, "zookeeper", nil, "ZooKeeper addresses to wait for as well, host:port, separated by commas")
	cmd.Flags().IntVar(&o.minBrokers, "min-brokers", 0, "brokers that must be there (default: the largest replicationFactor declared)")
	withEnv(cmd, "zookeeper", "min-brokers")
}

func (o *waiting) check() error {
	if o.minBrokers < 0 {
		return usagef("--min-brokers must not be negative, got %d", o.minBrokers)
	}
	return o.connection.check()
}

// joining is how long after the last sign of life another broker may still join. The
// brokers of a stack that starts on a busy machine come seconds apart, and giving up
// on one that is coming costs more than telling a mistake late.
const joining = 10 * time.Second

// ladderOptions is the ladder for desired, which may be nothing.
func (o *waiting) ladderOptions(desired []topicspec.Desired) health.Options {
	factor, topic := topicspec.LargestReplicationFactor(desired)
	options := health.Options{
		Brokers: o.brokers, ZooKeeper: o.zookeeper, Client: o.clientConfig().ClientOpts(), Settle: joining,
		MinBrokers: factor, MinBrokersWhy: fmt.Sprintf("topic %q has replicationFactor %d", topic, factor),
	}
	if o.minBrokers > 0 {
		options.MinBrokers, options.MinBrokersWhy = o.minBrokers, "--min-brokers"
		options.Answering = min(o.minBrokers, len(o.brokers))
	}
	if options.MinBrokers <= 1 {
		options.MinBrokersWhy = ""
	}
	return options
}

// prepared is a cluster that is ready for a plan that its brokers accept.
type prepared struct {
	*session
	plan admin.Planned
}

// prepare waits until the cluster is ready and its brokers accept what desired
// needs. The error is a [*health.NotReadyError]; a refusal of the plan is in it as
// [*admin.RefusedError].
func (a *app) prepare(ctx context.Context, o *waiting, desired []topicspec.Desired) (*prepared, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	client, err := admin.Dial(ctx, o.clientConfig())
	if err != nil {
		cancel()
		return nil, err
	}
	path := &writePath{client: client, desired: desired}
	options := o.ladderOptions(desired)
	factor, _ := topicspec.LargestReplicationFactor(desired)
	path.patient = options.MinBrokers >= factor
	options.WritePath = path.ask
	s := &session{Client: client, ctx: ctx, cancel: cancel}
	if _, err := a.climb(ctx, options); err != nil {
		s.Close()
		return nil, err
	}
	return &prepared{session: s, plan: path.plan()}, nil
}

// writePath is rung K6: the brokers accept the plan. It keeps the last plan they
// accepted. A call may be given up while it runs, so calls can overlap.
type writePath struct {
	client  *admin.Client
	desired []topicspec.Desired
	// patient waits for brokers to join when there are too few for a topic: the rungs
	// below have seen enough of them.
	patient bool

	mu       sync.Mutex
	accepted admin.Planned
}

func (p *writePath) plan() admin.Planned {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

// ask plans and has the plan validated.
func (p *writePath) ask(ctx context.Context) (evidence string, err error) {
	plan, err := p.client.Plan(ctx, p.desired)
	if err == nil {
		err = p.client.Validate(ctx, plan.Plan)
	}
	var refused *admin.RefusedError
	switch {
	case err == nil:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.accepted = plan
		return fmt.Sprintf("the brokers accept the plan: %s", count(len(plan.Changes), "change")), nil
	case errors.As(err, &refused) && !(p.patient && refused.MayHeal()), admin.Unauthorized(err):
		return "", health.Permanent(err)
	default:
		return "", err
	}
}

// climb waits for the ladder, showing progress on stderr. Telling how it ended is the
// caller's: the answer of wait, part of the error elsewhere.
func (a *app) climb(ctx context.Context, options health.Options) (health.Readiness, error) {
	ladder, err := health.New(options)
	if err != nil {
		return health.Readiness{}, &usageError{err}
	}
	defer ladder.Close()
	progress := a.newProgress()
	readiness, err := ladder.Wait(ctx, progress.update)
	progress.stop()
	return readiness, err
}
