package stack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/embedded"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

const devLong = `Runs an embedded Kafka on 127.0.0.1 inside this process, with the topics of the
topics file, for people without containers and for tests. It speaks Kafka's
protocol to any client, keeps records in memory (or in --data-dir), and ends with
the command; it is not for production.

Topics, settings and records are judged as Kafka 4.3 judges them. It does not delete or
compact records by time, move replicas, or enforce ACLs or quotas, and it has no tiered
storage and no streams group protocol (KIP-1071).

With --tls and --sasl the listeners are SSL, SASL_PLAINTEXT or SASL_SSL, to try the
settings of a service. Passwords come from files or are generated. They are with the
certificates and a client.properties in a directory that the start line names; with
--data-dir or --security-dir it stays, and certificates are renewed when they end soon.
Who logs in may do everything: there are no ACLs. Users are those of --user alone.

Only this machine can connect. With --advertise, containers and other machines can
connect too: all that reach it, without a password and without encryption unless --sasl
and --tls are given. They use that host, with the port that the start line shows; clients
on this machine stay on 127.0.0.1. On Linux, containers know host.docker.internal when they
are run with --add-host host.docker.internal:host-gateway.

Without a command it runs until Ctrl-C. With one it runs that and ends with its exit
code. The command finds Kafka in KAFKACTL_BROKERS, KAFKA_BOOTSTRAP_SERVERS,
SPRING_KAFKA_BOOTSTRAP_SERVERS, KAFKA_BROKERS and BOOTSTRAP_SERVERS. So when no --port
is given and the default one is taken, free ports are used. With --tls and --sasl it has
KAFKACTL_CONFIG, KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME,
KAFKA_SASL_PASSWORD, KAFKA_SSL_CA_LOCATION, those of Spring Boot, and with
--tls-client-auth KAFKA_SSL_CERTIFICATE_LOCATION and KAFKA_SSL_KEY_LOCATION.

Ctrl-C, SIGTERM and SIGHUP reach the command and what it started; they have 10s to
end, with Kafka still there, before they are killed. A second signal kills at once.
What the command leaves running is ended too, except what moved to a process group of
its own, as the daemons of build tools do.

No topic is created because a client asks for it: a note on stderr names the client,
the topic, and topics with a similar name. Notes also say when the data directory
cannot be written to, and when records in memory take more than 256 MiB.`

const devExample = `  kafkactl dev
  kafkactl dev --data-dir .kafka-dev
  kafkactl dev -- npm test
  kafkactl dev -- mvn test
  kafkactl dev --port 0 -- go test ./...
  kafkactl dev --advertise host.docker.internal
  kafkactl dev --sasl --tls -- npm test
  kafkactl dev --sasl --tls --user orders --user billing=password.txt --data-dir .kafka-dev
  kafkactl dev -- sh -c 'kafkactl list && npm test'`

type devOptions struct {
	app       *cli.App
	spec      cli.SpecFlags
	port      int
	portNamed bool // by --port
	dataDir   string
	advertise string // the second address of the brokers, HOST or HOST:PORT
	security  devSecurity
	noApply   bool
	command   []string

	secured *devSecured // what security has made
}

// NewDevCmd returns the command dev.
func NewDevCmd(a *cli.App) *cobra.Command {
	o := &devOptions{app: a, spec: cli.SpecFlags{Warn: cli.WarnAll}}
	cmd := &cobra.Command{
		Use:     "dev [flags] [-- COMMAND [ARG...]]",
		Short:   "Run an embedded Kafka with the declared topics",
		Long:    devLong,
		Example: devExample,
		Args:    cli.OnlyAfterDash,
		// cobra would put [flags] behind the command.
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.command, o.portNamed = args, cmd.Flags().Changed("port")
			return o.run(cmd.Context(), cmd.Flags().Changed)
		},
	}
	o.spec.AddFlags(cmd)
	cmd.Flags().IntVar(&o.port, "port", defaultPort, "port of the first broker; 0 picks a free one")
	cmd.Flags().StringVar(&o.dataDir, "data-dir", "", "keep records and topics in this directory (default: in memory)")
	_ = cmd.MarkFlagDirname("data-dir")
	cmd.Flags().StringVar(&o.advertise, "advertise", "", "also let containers and other machines connect, as `HOST[:PORT]` (default port: behind that of the last broker)")
	o.security.addFlags(cmd)
	cmd.Flags().BoolVar(&o.noApply, "no-apply", false, "start without the declared topics")
	return cmd
}

func (o *devOptions) run(ctx context.Context, changed func(flag string) bool) error {
	if o.port < 0 || o.port > 65535 {
		return cli.Usagef("--port must be between 0 and 65535, got %d", o.port)
	}
	advertise, err := parseAdvertise(o.advertise)
	if err != nil {
		return err
	}
	if err = o.security.check(changed, advertise); err != nil {
		return err
	}
	desired, err := o.desired()
	if err != nil {
		return err
	}
	if warning := notByTime(desired); warning != "" {
		o.app.Notef("warning: %s: %s", o.spec.File, warning)
	}
	var end func()
	if o.secured, end, err = o.security.prepare(ctx, o.app, o.dataDir, advertise.Host); err != nil {
		return err
	}
	defer end()
	brokers, _ := topicspec.BrokersNeeded(desired)
	cluster, err := o.start(ctx, embedded.Config{
		Port: o.port, Brokers: max(brokers, 1), DataDir: o.dataDir, Advertise: advertise, Security: o.secured.brokers, Notice: o.notices(ctx).print,
	})
	if err != nil {
		return startError(err)
	}
	defer cluster.Close()
	return o.serve(ctx, cluster, desired)
}

// serve makes the topics of a cluster, and runs the command or waits for the end.
func (o *devOptions) serve(ctx context.Context, cluster *embedded.Cluster, desired []topicspec.Desired) error {
	if err := o.apply(ctx, cluster.Addrs(), desired); err != nil {
		return err
	}
	if o.security.wanted() {
		if err := o.secured.writeProperties(cluster.Addrs()); err != nil {
			return err
		}
		o.app.Notef("%s", o.secured.text())
	}
	if len(o.command) > 0 {
		if len(cluster.Advertised()) > 0 {
			o.app.Notef("embedded Kafka on %s", addrsText(cluster))
		}
		return o.exec(ctx, strings.Join(cluster.Addrs(), ","))
	}
	secured := ""
	if o.security.wanted() {
		secured = string(o.security.protocol()) + ", "
	}
	fmt.Fprintf(o.app.Out, "embedded Kafka on %s, %s%s; Ctrl-C ends it\n", addrsText(cluster), secured, storageText(o.dataDir))
	<-ctx.Done()
	return nil
}

// kafkaConfig is how this program reaches the brokers.
func (o *devOptions) kafkaConfig(brokers []string) kafka.Config {
	return kafka.Config{Brokers: brokers, Version: o.app.Version, Security: o.secured.client}
}

// startError says which address cannot be listened on, and why, without the calls that found it out.
func startError(err error) error {
	const what = "start the embedded Kafka: "
	if inUse, ok := errors.AsType[*embedded.InUseError](err); ok {
		return cli.WithHint(inUse, "end that one, or name another --data-dir")
	}
	network, ofNetwork := errors.AsType[*net.OpError](err)
	errno, named := errors.AsType[syscall.Errno](err)
	if !ofNetwork || !named || network.Addr == nil {
		return fmt.Errorf(what+"%w", err)
	}
	err = cli.WithText(err, what+network.Addr.String()+": "+errno.Error())
	switch {
	case errno == syscall.EADDRINUSE:
		return cli.WithHint(err, "something listens there already; --port 0 picks a free one")
	case errno == syscall.EACCES:
		return cli.WithHint(err, "ports below 1024 are for the administrator; --port 0 picks a free one")
	}
	return err
}

// desired returns the topics to apply: none when the default file is not there.
func (o *devOptions) desired() ([]topicspec.Desired, error) {
	if o.noApply {
		return nil, nil
	}
	declared, found, err := o.spec.LoadIfThere(o.app)
	if err == nil && !found {
		o.app.Notef("no %s here: starting without topics", cli.DefaultSpec)
	}
	return declared.Topics, err
}

// apply makes the declared topics and reports them in one line on stderr. It deletes none that shall not exist.
func (o *devOptions) apply(ctx context.Context, addrs []string, declared []topicspec.Desired) error {
	if len(declared) == 0 {
		return nil
	}
	desired := topicspec.Present(declared)
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, cli.AskTimeout)
	defer cancel()
	client, err := kafka.Dial(ctx, o.kafkaConfig(addrs))
	if err != nil {
		return err
	}
	defer client.Close()
	if err := o.noteLeft(ctx, admin.New(client), declared); err != nil {
		return err
	}
	report, err := admin.New(client).Converge(ctx, desired)
	var refused *admin.RefusedError
	if errors.As(err, &refused) {
		report = refused.Report()
	}
	r := changes.Report{Report: report, Settled: nil, Elapsed: time.Since(start)}
	if err = cmp.Or(err, r.Failure()); err != nil {
		if len(report.Outcomes) > 0 {
			r.Text(o.app.Err, term.NewStyles(o.app.Renderer(o.app.Err, o.app.ErrTTY)), false)
		}
		return o.withDataDir(fmt.Errorf("apply %s: %w", o.spec.File, err), report)
	}
	if len(report.Outcomes) == 0 {
		o.app.Notef("%s", term.InSync(len(desired)))
		return nil
	}
	o.app.Notef("%s: %s", term.Count(len(desired), "topic"), r.Summary())
	return nil
}

// storageText says where records are kept.
func storageText(dataDir string) string {
	if dataDir == "" {
		return "in memory"
	}
	return "data in " + dataDir
}
