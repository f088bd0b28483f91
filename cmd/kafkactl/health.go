package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kafkactl/internal/health"
)

const healthLong = `Climbs the readiness ladder once, without waiting, and shows every rung: its
verdict, how long it took, and the evidence; under a rung that does not hold whole,
what to change.

It judges as a watcher does. A broker that is away is a warning as long as every
declared topic can still be written to, and a ZooKeeper server as long as a majority
serves: "degraded", exit 0, or 3 with --strict. Given --min-brokers, fewer are not
ready.

--probe is for a container's health check: one line, exit 0 or 1, one connection.
It asks whether the broker speaks Kafka and knows enough brokers and a controller.

Exit codes: 0 ready, or degraded, 3 not ready, 6 not permitted to ask; with --probe
0 and 1 only.`

const healthExample = `  kafkactl health
  kafkactl health --strict -o json           # in a monitor: exit 3 when anything is off
  kafkactl health --zookeeper localhost:2181 --data-path
  kafkactl health --probe -b localhost:9092  # HEALTHCHECK CMD ["/kafkactl", "health", "--probe"]`

type healthOptions struct {
	climbing
	probe  bool
	strict bool
}

func newHealthCmd(a *app) *cobra.Command {
	o := &healthOptions{climbing: climbing{app: a}}
	cmd := &cobra.Command{
		Use:        "health",
		SuggestFor: []string{"status", "ready", "ping"},
		Short:      "Show every rung of readiness, once",
		Long:       healthLong,
		Example:    healthExample,
		Args:       exactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.addFlags(cmd)
	setDefault(cmd, "timeout", askTimeout.String())
	cmd.Flags().BoolVar(&o.probe, "probe", false, "one line, exit 0 or 1, one connection: for a container's health check")
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit 3 when degraded, too")
	a.outputFlag(cmd, formatTable, formatJSON, formatYAML)
	return cmd
}

func (o *healthOptions) run(ctx context.Context) error {
	if err := o.check(); err != nil {
		return err
	}
	if o.probe && (o.dataPath || o.strict) {
		return usagef("--probe goes with neither --data-path nor --strict")
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	if o.probe {
		return o.runProbe(ctx)
	}
	ladder, done, err := o.ladder(ctx)
	if err != nil {
		return err
	}
	defer done()
	r := ladder.Climb(ctx)
	if err := o.print(r); err != nil {
		return err
	}
	return o.verdict(r)
}

// ladder is the whole ladder, as a watcher asks it. A wish for so many brokers is
// taken at its word. done ends it.
func (o *healthOptions) ladder(ctx context.Context) (ladder *health.Ladder, done func(), err error) {
	var what asked
	if what.desired, what.found, err = o.spec.loadIfThere(o.app); err != nil {
		return nil, nil, err
	}
	l, err := o.brokerLadder(ctx, what)
	if err != nil {
		return nil, nil, err
	}
	l.Tolerant = o.minBrokers == 0
	if what.found {
		l.Topics = func(ctx context.Context) (string, error) { return condition(ctx, l.client, what.desired) }
	}
	return l.open()
}

// runProbe is --probe: no topics file is read, and nothing but one line is said.
func (o *healthOptions) runProbe(ctx context.Context) error {
	ladder, err := newLadder(o.ladderOptions(o.app, nil))
	if err != nil {
		return err
	}
	defer ladder.Close()
	r := ladder.Probe(ctx)
	err = o.app.print(answer{doc: newReadinessDoc(r), text: func(w io.Writer, _ styles, _ bool) {
		fmt.Fprintln(w, healthLine(r))
	}})
	if err != nil || r.Ready {
		return err
	}
	return quiet(exitFailed)
}

// print answers with every rung.
func (o *healthOptions) print(r health.Readiness) error {
	return o.app.print(answer{doc: newReadinessDoc(r), text: func(w io.Writer, st styles, _ bool) {
		ladderText(w, st, r, true)
		fmt.Fprintln(w, healthLine(r))
	}})
}

// verdict turns what was seen into the exit code.
func (o *healthOptions) verdict(r health.Readiness) error {
	f, blocked := r.Blocking()
	warnings := r.Warnings()
	switch {
	case blocked:
		return withHint(withCode(rephrased(blockedText(f), f.Err), exitCondition), r.Advice(f))
	case o.strict && len(warnings) > 0:
		f = warnings[0]
		return withHint(withCode(fmt.Errorf("degraded: %s %s: %s", f.Rung, f.Question, f.Evidence), exitCondition), f.Hint)
	default:
		return nil
	}
}
