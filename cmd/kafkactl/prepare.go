package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
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
	cmd.Flags().StringSliceVar(&o.zookeeper, "zookeeper", nil, "ZooKeeper addresses to wait for as well, host:port, separated by commas; the last may end in a chroot, as /kafka")
	cmd.Flags().IntVar(&o.minBrokers, "min-brokers", 0, "brokers that must be there (default: the largest replicationFactor or min.insync.replicas declared)")
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
func (o *waiting) ladderOptions(a *app, desired []topicspec.Desired) health.Options {
	needed, why := topicspec.BrokersNeeded(desired)
	options := health.Options{
		Brokers: o.brokers, ZooKeeper: o.zookeeper, Client: a.clientConfig(&o.connection).ClientOpts(), Place: a.place(), Settle: joining,
		MinBrokers: needed, MinBrokersWhy: why,
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

// place is where the program runs, for the advice about names and ports.
func (a *app) place() health.Place {
	if place := a.env("KAFKACTL_PLACE"); place != "" {
		return health.Place(place)
	}
	return health.FindPlace(os.DirFS("/"), a.lookupEnv)
}

// prepared is a cluster that is ready for a plan that its brokers accept.
type prepared struct {
	*session
	app    *app
	start  time.Time // of the command
	ladder *health.Ladder
	plan   admin.Planned
}

// Close ends the session and the ladder.
func (p *prepared) Close() {
	p.ladder.Close()
	p.session.Close()
}

// prepare waits until the cluster is ready and its brokers accept what desired
// needs. The error is a [*health.NotReadyError]; a refusal of the plan is in it as
// [*admin.RefusedError].
func (a *app) prepare(ctx context.Context, o *waiting, desired []topicspec.Desired) (*prepared, error) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	client, err := kafka.Dial(ctx, a.clientConfig(&o.connection))
	if err != nil {
		cancel()
		return nil, err
	}
	s := newSession(ctx, cancel, client)
	options := o.ladderOptions(a, desired)
	path := newWritePath(s.Client, desired, options.MinBrokers)
	options.WritePath = path.ask
	ladder, err := newLadder(options)
	if err != nil {
		s.Close()
		return nil, err
	}
	ready := &prepared{session: s, app: a, start: start, ladder: ladder}
	if _, err := a.climb(ctx, ladder); err != nil {
		ready.Close()
		return nil, err
	}
	ready.plan = path.plan()
	return ready, nil
}

// apply makes the plan, and returns when every rung of the ladder holds on the
// cluster as it is then. The error is why it does not.
func (p *prepared) apply(desired []topicspec.Desired) (admin.Report, error) {
	line := p.app.newWaitLine(p.start)
	report, err := p.Telling(line.say).ConvergeFrom(p.ctx, desired, p.plan)
	line.end()
	if err != nil || len(report.Outcomes) == 0 || !report.OK() {
		return report, err
	}
	progress := p.app.newProgress(p.ctx, p.start)
	_, err = p.ladder.Wait(p.ctx, progress.update)
	progress.stop()
	return report, err
}

// climb waits for the ladder, showing progress on stderr. Telling how it ended is the
// caller's: the answer of wait, part of the error elsewhere. What the cluster works in
// spite of is told here.
func (a *app) climb(ctx context.Context, ladder *health.Ladder) (health.Readiness, error) {
	progress := a.newProgress(ctx, time.Now())
	readiness, err := ladder.Wait(ctx, progress.update)
	progress.stop()
	if err == nil {
		for _, f := range readiness.Warnings() {
			a.notef("warning: %s %s: %s\nhint: %s", f.Rung, f.Question, f.Evidence, f.Hint)
		}
		if readiness.NoZooKeeper {
			a.notef("note: this is a KRaft cluster: ZooKeeper was not asked, and its address is not needed")
		}
	}
	return readiness, err
}
