package records

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
	"kafkactl/internal/topicspec"
)

const produceLong = `Sends records to a topic that exists: each line of stdin, or of --file, is the value
of one. A record without a key has none, and such records are spread evenly over the
partitions; keys go where Kafka's own clients put them.

--input json takes what consume -o json writes, or kcat -J, and sends the records as
they were.
--event wraps data in the envelope of this stack's events and checks it before it is
sent; eventId, eventType (the topic), timestamp and version are filled in. --template
makes up records: {{.n}} counts from 1, {{uuid}}, {{now}}, {{randInt 1 6}},
{{pick "a" "b"}}.

How many were sent is said on stderr, and the first failures by their line: all other
lines are sent (exit 1). The broker decides what is too large: its limit is for
compressed batches. Ctrl-C sends off what was taken in (exit 130), Ctrl-D ends.`

const produceExample = `  kafkactl produce order.created --event --data '{"orderId": "order-1"}' -k order-1
  kafkactl produce order.created --file orders.txt --key-separator :
  kafkactl consume order.failed --from-beginning -o json | kafkactl produce order.created --input json
  kafkactl produce user.registered --event --template '{"id": "{{uuid}}"}' --repeat 1000 --rate 50
  kafkactl produce user.updated -k user-7 --null`

type produceOptions struct {
	app *cli.App
	cli.Connection
	flags *pflag.FlagSet
	topic string

	// Where the records come from.
	file, delimiter, template, data, dataFile string
	input                                     string
	repeat                                    int
	rate                                      float64
	// What they become.
	key, keySeparator, eventVersion string
	headers                         []string
	partition                       int32
	null, event, noValidate         bool
	// How they are sent.
	acks, compression string

	eventIDs *record.EventIDs
}

// NewProduceCmd returns the command produce.
func NewProduceCmd(a *cli.App) *cobra.Command {
	o := &produceOptions{app: a, eventIDs: record.NewEventIDs()}
	cmd := &cobra.Command{
		Use:        "produce TOPIC",
		Aliases:    []string{"send"},
		SuggestFor: []string{"publish", "write", "put"},
		Short:      "Send records to a topic",
		Long:       produceLong,
		Example:    produceExample,
		Args:       cli.ExactArgs("TOPIC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.topic, o.flags = args[0], cmd.Flags()
			return kafka.Needs{Operation: "Write", Topics: args}.Explain(o.run(cmd.Context()))
		},
	}
	o.addFlags(cmd)
	a.AddOutputFlag(cmd, cli.FormatTable, cli.FormatJSON)
	return cmd
}

func (o *produceOptions) addFlags(cmd *cobra.Command) {
	o.Connection.AddFlags(cmd, cli.AskTimeout)
	cmd.Flags().Lookup("timeout").Usage = "how long to go on while no broker takes anything (env KAFKACTL_TIMEOUT)"
	f := cmd.Flags()
	f.StringVar(&o.file, "file", "-", "read this file; - is stdin")
	cli.ChoiceVar(f, &o.input, "input", "lines", "what a record is: lines, json (as consume -o json or kcat -J writes them), raw (the whole input)", "lines", "json", "raw")
	f.StringVar(&o.delimiter, "delimiter", `\n`, `what ends a line: text, with \n, \t, \0 and \xNN`)
	f.StringVarP(&o.key, "key", "k", "", "key of every record: text, int:42, long:42, uuid:…, base64:…")
	f.StringVar(&o.keySeparator, "key-separator", "", `what stands between key and value in each line: text, \t, \0, \xNN`)
	f.StringArrayVarP(&o.headers, "header", "H", nil, "header of every record, name=value; may be repeated")
	f.Int32VarP(&o.partition, "partition", "p", -1, "send all records to this partition")
	f.BoolVar(&o.null, "null", false, "send one tombstone for --key; with --key-separator, for each empty value")
	f.BoolVar(&o.event, "event", false, "send events: each line is the data of one")
	f.StringVar(&o.data, "data", "", "with --event: the data, an object")
	f.StringVar(&o.dataFile, "data-file", "", "with --event: a file that holds the data")
	f.StringVar(&o.eventVersion, "event-version", "1.0", "with --event: the version")
	f.BoolVar(&o.noValidate, "no-validate", false, "with --event: send what breaks the envelope as well")
	f.StringVar(&o.template, "template", "", "make records from this text instead of reading any")
	f.IntVar(&o.repeat, "repeat", 1, "send the template, or the data, so many times")
	f.Float64Var(&o.rate, "rate", 0, "send at most so many records a second")
	cli.ChoiceVar(f, &o.acks, "acks", "all", "who has to have a record: all replicas in sync, 1 (the leader), 0 (nobody)", "all", "1", "0")
	cli.ChoiceVar(f, &o.compression, "compression", "none", "codec for batches: none, gzip, snappy, lz4, zstd", "none", "gzip", "snappy", "lz4", "zstd")
	for _, name := range []string{"file", "data-file"} {
		_ = cmd.MarkFlagFilename(name)
	}
}

func (o *produceOptions) run(ctx context.Context) error {
	if err := topicspec.CheckName(o.topic); err != nil {
		return cli.AsUsage(err)
	}
	if err := o.check(); err != nil {
		return err
	}
	p := &produceRun{opts: o}
	var err error
	if p.steps, err = o.steps(&p.target); err != nil {
		return err
	}
	if p.input, err = o.open(ctx); err != nil {
		return err
	}
	defer p.input.close()
	if err := o.findTopic(ctx, &p.target); err != nil {
		return err
	}
	return p.run(ctx)
}

// targetTopic is what has to be known of a topic before something is sent to it.
type targetTopic struct {
	admin.Topic
	client    kafka.Config
	maxBatch  int // max.message.bytes, 0 when it may not be read
	compacted bool
	ownTimes  bool // records keep the timestamps they come with: message.timestamp.type is CreateTime
	times     record.TimeLimits
}

// findTopic looks the topic up, and the partition that was named: nothing is read, and nothing
// created, for one that does not exist.
func (o *produceOptions) findTopic(ctx context.Context, t *targetTopic) error {
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	t.client = s.Config
	if t.Topic, err = s.Topic(s.Ctx, o.topic); err != nil {
		return err
	}
	if err := t.checkPartition(o.partition); err != nil {
		return err
	}
	settings, err := s.TopicConfig(s.Ctx, o.topic)
	if err != nil && !kafka.Unauthorized(err) { // who may write may not be allowed to look
		return err
	}
	t.takeSettings(settings)
	return nil
}

// checkPartition refuses one that the topic does not have; -1 is any.
func (t *targetTopic) checkPartition(partition int32) error {
	if int(partition) < t.Partitions {
		return nil
	}
	return &kafka.MissingPartitionError{Topic: t.Name, Partition: partition, Count: t.Partitions}
}

// produceRun is one run of produce, once its flags are understood.
type produceRun struct {
	opts   *produceOptions
	input  *produceInput
	steps  []recordStep
	target targetTopic
	report *deliveryReport
}

// interruptPatience is how long the sender waits after Ctrl-C for brokers that take nothing: a
// command has a second to end.
const interruptPatience = 400 * time.Millisecond

func (p *produceRun) run(ctx context.Context) error {
	p.report = newDeliveryReport(ctx, p.opts, p.input.noun)
	sender, err := record.NewSender(ctx, p.opts.senderOptions(&p.target, p.report.delivered))
	if err != nil {
		return err
	}
	defer sender.Close()
	stop := context.AfterFunc(ctx, func() { sender.ShortenPatience(interruptPatience) })
	defer stop()
	bar := p.opts.app.NewBar(p.bar())
	p.input.count = bar.Add
	ended := p.sendInput(ctx, sender)
	if err := sender.Finish(); err != nil {
		ended = p.opts.sendingError(ctx, err)
	}
	bar.Finish()
	return p.report.finish(ended)
}

// bar returns what shows how far the run has come: the bytes of a file, or how many records were
// sent. For lines that a person types it shows nothing.
func (p *produceRun) bar() cli.BarOptions {
	if p.opts.isTyped() {
		return cli.BarOptions{}
	}
	return cli.BarOptions{Total: p.input.size, Bytes: true, Line: p.report.progress}
}

// sendInput reads records and sends them until the input ends, ctx ends, or the sender has given
// up; Finish returns the reason of the latter.
func (p *produceRun) sendInput(ctx context.Context, sender *record.Sender) error {
	pace, last := newPacer(p.opts.rate), 0
	for waitTurn(ctx, pace) {
		out, err := p.input.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err != nil {
			break
		}
		last = out.Line
		if err := p.buildRecord(out); errors.As(err, new(*blankError)) {
			continue
		} else if errors.As(err, new(*layoutError)) {
			return cli.AsUsage(err)
		} else if err != nil {
			p.report.failed(out.Line, err)
			continue
		}
		if sender.Send(out) != nil {
			return nil //nolint:nilerr // Finish returns it
		}
	}
	return cli.WithCode(fmt.Errorf("stopped after %s %d", p.input.noun, last), cli.ExitInterrupted)
}

// buildRecord takes the steps that make a record of what was read.
func (p *produceRun) buildRecord(out *record.Outgoing) error {
	for _, step := range p.steps {
		if err := step(out); err != nil {
			return err
		}
	}
	return nil
}
