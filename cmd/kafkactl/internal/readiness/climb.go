package readiness

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/accessadmin"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// WaitFlags is the flags of the commands that climb the readiness ladder until it holds.
type WaitFlags struct {
	cli.Connection
	Zookeeper  []string
	MinBrokers int
	flags      interface{ Changed(string) bool }
}

// AddFlags adds --zookeeper and --min-brokers to the flags of a connection, with the timeout of a
// command that waits.
func (o *WaitFlags) AddFlags(cmd *cobra.Command) {
	o.flags = cmd.Flags()
	o.Connection.AddFlags(cmd, cli.WaitTimeout)
	cli.ZooKeeperVar(cmd.Flags(), &o.Zookeeper, "zookeeper", "ZooKeeper addresses to wait for as well, host:port, separated by commas; the last may end in a chroot, as /kafka")
	cmd.Flags().IntVar(&o.MinBrokers, "min-brokers", 0, "brokers that must be there (default: the largest replicationFactor or min.insync.replicas declared)")
	cli.MarkEnv(cmd, "zookeeper", "min-brokers")
}

// Check refuses a --min-brokers below 1 and a timeout that leaves no time, before anything is
// dialled.
func (o *WaitFlags) Check() error {
	if o.flags.Changed("min-brokers") && o.MinBrokers < 1 {
		return cli.Usagef("--min-brokers must be at least 1, got %d", o.MinBrokers)
	}
	return o.Connection.Check()
}

// latecomers is how long the other given addresses are waited for once a cluster that was seen
// starting is whole without them: the brokers of a stack come seconds apart, and topics that are
// made before would all lie on the first.
const latecomers = 5 * time.Second

// LadderOptions returns the options of the ladder for desired, which may be empty. --min-brokers
// wins over what desired needs: so many are enough, and no other is waited for.
func (o *WaitFlags) LadderOptions(a *cli.App, desired []topicspec.Desired) health.Options {
	needed, why := topicspec.BrokersNeeded(desired)
	config := a.ClientConfig(&o.Connection)
	options := health.Options{
		Brokers: o.Brokers, ZooKeeper: o.Zookeeper, Client: config.ClientOpts(), Place: a.Place(), Patience: latecomers,
		TopicCount: len(topicspec.Present(desired)), Attempt: config.Attempt(),
		MinBrokers: needed, MinBrokersWhy: why,
	}
	if o.MinBrokers > 0 {
		options.MinBrokers, options.MinBrokersWhy, options.Patience = o.MinBrokers, "--min-brokers", 0
	}
	if options.MinBrokers <= 1 {
		options.MinBrokersWhy = ""
	}
	return options
}

// Prepared is a cluster that is ready, with a plan that its brokers accept.
type Prepared struct {
	*cli.Session
	app    *cli.App
	start  time.Time // of the command
	ladder *health.Ladder
	path   *writePath
	keeper *accessadmin.Keeper // nil where the file manages no access
	Plan   admin.Planned       // what the brokers accepted, not made yet
	moves  admin.Moves

	desired  []topicspec.Desired
	reviewed *topicspec.Reviewed // nil: the plan was made for this run
}

// Close ends the session and the ladder.
func (p *Prepared) Close() {
	p.ladder.Close()
	p.Session.Close()
}

// Prepare waits until the cluster is ready and its brokers accept the plan for what is declared, in which is blocked what
// has a risk that consent does not accept. The error is a [*health.NotReadyError] when they do not; a refusal of the plan is in it as
// [*admin.RefusedError].
func Prepare(ctx context.Context, a *cli.App, o *WaitFlags, declared cli.Declared, risks cli.RiskFlags) (*Prepared, error) {
	return prepare(ctx, a, o, declared, risks, nil)
}

// PrepareReviewed is Prepare for a plan that was made before. The error is an [*admin.OtherClusterError] as soon
// as a broker says so; an [*admin.StaleError] is in the [*health.NotReadyError].
func PrepareReviewed(ctx context.Context, a *cli.App, o *WaitFlags, reviewed topicspec.Reviewed, moves admin.Moves) (*Prepared, error) {
	declared := cli.Declared{Topics: reviewed.Desired, Access: reviewed.Access}
	return prepare(ctx, a, o, declared, cli.RiskFlags{Moves: moves}, &reviewed)
}

func prepare(
	ctx context.Context, a *cli.App, o *WaitFlags, declared cli.Declared, risks cli.RiskFlags, reviewed *topicspec.Reviewed,
) (*Prepared, error) {
	start := time.Now()
	secrets := accessadmin.Secrets{LookupEnv: a.LookupEnv}
	if err := secrets.Check(declared.Access); err != nil {
		return nil, cli.AsUsage(err)
	}
	limit, cancel := cli.NewTimeLimit(ctx, o.Timeout)
	ctx, risks.Moves.Untimed = limit, limit.Stop
	config := a.ClientConfig(&o.Connection)
	client, err := kafka.Dial(ctx, config)
	if err != nil {
		cancel()
		return nil, err
	}
	s := cli.NewSession(ctx, cancel, client, config)
	s.Client = s.WithConsent(risks.Consent).WithMoves(risks.Moves)
	var keeper *accessadmin.Keeper
	if declared.Access.Managed() {
		keeper = accessadmin.New(config, client, declared.Access, secrets)
		s.Client = s.WithAccess(keeper)
	}
	options := o.LadderOptions(a, declared.Topics)
	path := newWritePath(s.Client, declared.Topics, options.MinBrokers)
	path.reviewed = reviewed
	options.WritePath, options.Reached = path.ask, client.Reseed
	ladder, err := cli.NewLadder(options)
	if err != nil {
		s.Close()
		return nil, err
	}
	ready := &Prepared{Session: s, app: a, start: start, ladder: ladder, path: path, keeper: keeper, moves: risks.Moves, desired: declared.Topics, reviewed: reviewed}
	if _, err := climb(ctx, a, ladder, clusterOf(reviewed)); err != nil {
		ready.Close()
		return nil, err
	}
	ready.Plan = path.plan()
	return ready, nil
}

// clusterOf returns the id of the only cluster that the plan may be carried out on, "" for any.
func clusterOf(reviewed *topicspec.Reviewed) string {
	if reviewed == nil {
		return ""
	}
	return reviewed.ClusterID
}

// Apply carries out the plan, and returns when every rung of the ladder holds on the cluster as it
// is then. The error says why it does not; the report is what was done in either case.
func (p *Prepared) Apply() (admin.Report, error) {
	line := p.app.NewWaitLine(p.start)
	copying := &moveProgress{app: p.app, line: line}
	moves := p.moves
	moves.Progress, moves.Untimed = copying.update, copying.during(moves.Untimed)
	client := p.WithProgress(line.Show).WithMoves(moves)
	if p.keeper != nil {
		client = client.WithAccess(p.keeper.WithProgress(line.Show))
	}
	report, err := p.converge(client)
	line.Finish()
	if err != nil || len(report.Outcomes) == 0 || !report.OK() {
		return report, err
	}
	p.path.leaveAccess()
	progress := newProgress(p.Ctx, p.app, p.start)
	_, err = p.ladder.Wait(p.Ctx, progress.update)
	progress.stop()
	return report, err
}

func (p *Prepared) converge(client *admin.Client) (admin.Report, error) {
	if p.reviewed != nil {
		return client.ConvergeReviewed(p.Ctx, *p.reviewed, p.Plan)
	}
	return client.ConvergeFrom(p.Ctx, p.desired, p.Plan)
}

// Climb waits until the ladder holds, and shows progress on stderr. How it ended is for the caller
// to print: it is the answer of wait, and part of the error elsewhere. Warnings about a cluster
// that works nevertheless are printed here.
func Climb(ctx context.Context, a *cli.App, ladder *health.Ladder) (health.Readiness, error) {
	return climb(ctx, a, ladder, "")
}

// climb is Climb for the cluster with an id, "" for any. Another cluster is an [*admin.OtherClusterError] as soon
// as a broker says its id, whatever else that cluster lacks.
func climb(ctx context.Context, a *cli.App, ladder *health.Ladder, cluster string) (health.Readiness, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	progress := newProgress(ctx, a, time.Now())
	readiness, err := ladder.Wait(ctx, func(r health.Readiness) {
		if cluster != "" && r.ClusterID != "" && r.ClusterID != cluster {
			stop(&admin.OtherClusterError{Planned: cluster, Now: r.ClusterID})
			return
		}
		progress.update(r)
	})
	progress.stop()
	if other, found := errors.AsType[*admin.OtherClusterError](context.Cause(ctx)); found {
		return readiness, other
	}
	if err == nil {
		for _, f := range readiness.Warnings() {
			a.Notef("warning: %s %s: %s\nhint: %s", f.Rung, f.Question, f.Evidence, f.Hint)
		}
		if readiness.NoZooKeeper {
			a.Notef("note: this is a KRaft cluster: ZooKeeper was not asked, and its address is not needed")
		}
	}
	return readiness, err
}

// AwaitIfAsked makes a connection wait for a broker that can be reached where --timeout was given:
// who names a time has it waited for. What is missing is shown on stderr.
func AwaitIfAsked(cmd *cobra.Command, a *cli.App, c *cli.Connection) {
	if !cmd.Flags().Changed("timeout") {
		return
	}
	c.Await = func(ctx context.Context, ladder *health.Ladder) health.Readiness {
		progress := newProgress(ctx, a, time.Now())
		defer progress.stop()
		return ladder.ReachSoon(ctx, progress.update)
	}
}
