package stack

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/readiness"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/topicspec"
)

const healthLong = `Climbs the readiness ladder once, without waiting, and shows every rung: its
verdict, how long it took, and the evidence; under a rung that does not hold whole,
what to change.

It judges as a watcher does. A broker that is away is a warning as long as every
declared topic can still be written to, and a ZooKeeper server as long as a majority
serves: "degraded", exit 0, or 3 with --strict. Given --min-brokers, fewer are not
ready.

Of a cluster that is ready it also says what will cost records, or stop writes, once a
broker stops: topics with fewer replicas than the brokers could hold, settings such as
min.insync.replicas as high as the replication factor, groups with more members than
partitions. That is advice, as validate gives it for a file: it makes no cluster
unready, nor degraded, and changes no exit code.

--probe is for a container's health check: one line, exit 0 or 1, one connection.
It asks whether the broker speaks Kafka and knows enough brokers and a controller.

Exit codes: 0 ready, or degraded, 3 not ready, 6 not permitted to ask; with --probe
0 and 1 only.`

const healthExample = `  kafkactl health
  kafkactl health --strict -o json           # in a monitor: exit 3 when anything is off
  kafkactl health --zookeeper localhost:2181 --data-path
  kafkactl health --probe -b localhost:9092  # HEALTHCHECK CMD ["/kafkactl", "health", "--probe"]`

type healthOptions struct {
	readiness.LadderFlags
	probe  bool
	strict bool
}

// NewHealthCmd returns the command health.
func NewHealthCmd(a *cli.App) *cobra.Command {
	o := &healthOptions{LadderFlags: readiness.LadderFlags{App: a}}
	cmd := &cobra.Command{
		Use:        "health",
		SuggestFor: []string{"status", "ready", "ping"},
		Short:      "Show every rung of readiness, once",
		Long:       healthLong,
		Example:    healthExample,
		Args:       cli.ExactArgs(),
		RunE:       func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	o.AddFlags(cmd)
	cli.SetFlagDefault(cmd, "timeout", cli.AskTimeout.String())
	cmd.Flags().BoolVar(&o.probe, "probe", false, "one line, exit 0 or 1, one connection: for a container's health check")
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit 3 when degraded, too")
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON, cli.FormatYAML)
	return cmd
}

func (o *healthOptions) run(ctx context.Context) error {
	if err := o.Check(); err != nil {
		return err
	}
	if o.probe && (o.DataPath || o.strict) {
		return cli.Usagef("--probe goes with neither --data-path nor --strict")
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	if o.probe {
		return o.runProbe(ctx)
	}
	l, err := o.ladder(ctx)
	if err != nil {
		return err
	}
	ladder, done, err := l.Open()
	if err != nil {
		return err
	}
	defer done()
	r := ladder.Climb(ctx)
	var advice readiness.Advice
	if r.Ready && len(o.Brokers) > 0 {
		advice = l.Advise(ctx, o.App.ClientConfig(&o.Connection))
	}
	if err := o.print(r, advice); err != nil {
		return err
	}
	if _, blocked := r.Blocking(); !blocked {
		o.warnOfThrottles(ctx, l.Client)
	}
	return o.verdict(r)
}

// warnOfThrottles says which throttles of replication are left while nothing is being moved. It is no
// rung: clients do not notice, and who may not look loses nothing.
func (o *healthOptions) warnOfThrottles(ctx context.Context, client *admin.Client) {
	left, err := client.ThrottlesLeft(ctx)
	if err != nil {
		return
	}
	for _, one := range left {
		o.App.Notef("warning: %s: %s", one, one.Command())
	}
}

// ladder returns the whole ladder, as a watcher asks it. Given --min-brokers, fewer brokers are not
// ready.
func (o *healthOptions) ladder(ctx context.Context) (l *readiness.BrokerLadder, err error) {
	declared, found, err := o.Spec.LoadIfThere(o.App)
	if err != nil {
		return nil, err
	}
	what := readiness.Targets{Desired: topicspec.Present(declared.Topics), Found: found}
	if l, err = o.NewBrokerLadder(ctx, what); err != nil {
		return nil, err
	}
	l.Tolerant = o.MinBrokers == 0
	if what.Found {
		l.Topics = func(ctx context.Context) (string, error) {
			return readiness.ProbeCondition(ctx, l.Client, what.Desired)
		}
	}
	return l, nil
}

// runProbe is --probe: it reads no topics file and prints one line.
func (o *healthOptions) runProbe(ctx context.Context) error {
	ladder, err := cli.NewLadder(o.LadderOptions(o.App, nil))
	if err != nil {
		return err
	}
	defer ladder.Close()
	r := ladder.Probe(ctx)
	err = o.App.Print(cli.Answer{Doc: readiness.NewDoc(r), Text: func(w io.Writer, _ term.Styles, _ bool) {
		fmt.Fprintln(w, readiness.HealthLine(r))
	}})
	if err != nil || r.Ready {
		return err
	}
	return cli.Quiet(cli.ExitFailed)
}

// healthDoc is the readiness of a stack, with advice on what is there.
type healthDoc struct {
	readiness.Doc
	Advice []topicspec.Advice `json:"advice"`
	// NotKnown lists what could not be looked at for advice. Advice on a cluster that is not ready is not asked for.
	NotKnown []string `json:"adviceNotKnown"`
}

// print prints every rung, and advice below the ladder.
func (o *healthOptions) print(r health.Readiness, advice readiness.Advice) error {
	doc := healthDoc{readiness.NewDoc(r), cli.OrEmpty(advice.List), cli.OrEmpty(advice.NotKnown)}
	err := o.App.Print(cli.Answer{Doc: doc, Text: func(w io.Writer, st term.Styles, _ bool) {
		readiness.TimedLadderText(w, st, r)
		fmt.Fprintln(w, readiness.HealthLine(r))
	}})
	if o.App.Format == cli.FormatTable {
		for _, line := range advice.Lines() {
			o.App.Notef("%s", line)
		}
	}
	return err
}

// verdict returns the error that holds the exit code of what was seen.
func (o *healthOptions) verdict(r health.Readiness) error {
	f, blocked := r.Blocking()
	warnings := r.Warnings()
	switch {
	case blocked:
		return cli.WithHint(cli.WithCode(cli.WithText(f.Err, readiness.BlockedText(f)), cli.ExitCondition), r.Advice(f))
	case o.strict && len(warnings) > 0:
		f = warnings[0]
		return cli.WithHint(cli.WithCode(fmt.Errorf("degraded: %s %s: %s", f.Rung, f.Question, f.Evidence), cli.ExitCondition), f.Hint)
	default:
		return nil
	}
}
