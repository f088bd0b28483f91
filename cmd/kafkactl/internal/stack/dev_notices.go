package stack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/embedded"
	"kafkactl/internal/kafka"
	"kafkactl/internal/nearest"
	"kafkactl/internal/topicspec"
)

// nearPatience is how long a note about a missing topic may wait for the names of those that exist.
const nearPatience = time.Second

// devNotices prints what the embedded Kafka notices.
type devNotices struct {
	app     *cli.App
	file    string // the topics file
	dataDir string
	login   string // the client.properties for the brokers, "" where they need none
	// near returns the existing topics whose names are near one that is missing.
	near func(brokers []string, topic string) []string

	hinted bool // that it was said how to make a topic
}

// notices returns the notices of a run. Those that come when ctx has ended are whole, too.
func (o *devOptions) notices(ctx context.Context) *devNotices {
	return &devNotices{
		app: o.app, file: o.spec.File, dataDir: o.dataDir, login: o.secured.propertiesFile(),
		near: func(brokers []string, topic string) []string {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), nearPatience)
			defer cancel()
			return nearTopics(ctx, o.kafkaConfig(brokers), topic)
		},
	}
}

// nearTopics returns the existing topics that look like one, none where they cannot be listed.
func nearTopics(ctx context.Context, config kafka.Config, topic string) []string {
	client, err := kafka.Dial(ctx, config)
	if err != nil {
		return nil
	}
	defer client.Close()
	names, _ := client.TopicNames(ctx)
	return nearest.Names(topic, names, 3)
}

// print prints a notice to stderr.
func (d *devNotices) print(cluster *embedded.Cluster, notice embedded.Notice) {
	d.app.Notef("%s", d.text(cluster.Addrs(), notice))
}

func (d *devNotices) text(brokers []string, notice embedded.Notice) string {
	switch n := notice.(type) {
	case embedded.AskedTopic:
		return d.askedTopic(brokers, n)
	case embedded.WriteFailure:
		return d.writeFailure(n)
	case embedded.MemoryUse:
		return fmt.Sprintf("note: records are kept in memory, and this process holds %s now; --data-dir keeps them on disk", term.SizeText(n.Bytes))
	}
	return fmt.Sprint("note: ", notice)
}

// askedTopic is the note about a missing topic, the first time with how to make it.
func (d *devNotices) askedTopic(brokers []string, n embedded.AskedTopic) string {
	client := "a client"
	if n.Client != "" {
		client = fmt.Sprintf("client %q", n.Client)
	}
	text := fmt.Sprintf("note: %s asked for the topic %s, which does not exist", client, kafka.Printable(n.Topic))
	if near := d.near(brokers, n.Topic); len(near) > 0 {
		text += " (near: " + strings.Join(near, ", ") + ")"
	}
	if n.Last {
		text += "; no further ones are noted"
	}
	if err := topicspec.CheckName(n.Topic); err != nil {
		return text + "\nhint: " + err.Error()
	}
	if d.hinted {
		return text
	}
	d.hinted = true
	text += fmt.Sprintf("\nhint: no topic is made by itself: declare it in %s, or kafkactl create %s -b %s", d.file, n.Topic, brokers[0])
	if d.login != "" {
		text += " --command-config " + d.login // create's --config is a setting of the topic
	}
	return text
}

// writeFailure is the warning about a data directory that cannot be written to.
func (d *devNotices) writeFailure(n embedded.WriteFailure) string {
	full := errors.Is(n.Err, syscall.ENOSPC)
	text := "warning: data directory " + d.dataDir + ": "
	if n.Path != "" && !full {
		text += n.Path + ": "
	}
	text += n.Err.Error()
	switch {
	case n.Closing:
		text += "; the next start may miss what was kept last"
	case full:
		text += "; records and offsets are refused until there is"
	default:
		text += "; records and offsets are refused until that is mended"
	}
	if full || errors.Is(n.Err, syscall.EDQUOT) {
		text += "\nhint: make room there, or start with a --data-dir on another disk"
	}
	return text
}

// noteLeft says which topics the data directory holds though they are declared absent.
func (o *devOptions) noteLeft(ctx context.Context, client *admin.Client, declared []topicspec.Desired) error {
	absent := slices.DeleteFunc(slices.Clone(declared), func(d topicspec.Desired) bool { return !d.Absent })
	if o.dataDir == "" || len(absent) == 0 {
		return nil
	}
	left, err := client.Observe(ctx, topicspec.Names(absent))
	for _, d := range absent {
		if _, exists := left[d.Name]; exists {
			o.app.Notef("note: %s declares %s absent, and %s holds it: kafkactl delete %[2]s", o.spec.File, d.Name, o.dataDir)
		}
	}
	return err
}

// withDataDir returns err with what to do where the topics that the data directory holds are in the
// way of those of the file.
func (o *devOptions) withDataDir(err error, report admin.Report) error {
	inTheWay := func(out admin.Outcome) bool {
		// Names and settings were judged before: what a broker calls invalid collides with a topic.
		return out.Result == admin.Blocked || errors.Is(out.Err, kerr.InvalidTopicException)
	}
	if o.dataDir == "" || !slices.ContainsFunc(report.Outcomes, inTheWay) {
		return err
	}
	return cli.WithHint(err, fmt.Sprintf("--no-apply starts with the topics that %s holds; another --data-dir, or this one removed, starts with those of %s",
		o.dataDir, o.spec.File))
}
