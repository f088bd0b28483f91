package records

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
	"kafkactl/internal/record"
)

// given names a flag, with its value where only that matters, if it was given.
func (o *produceOptions) given(flag string) bool {
	switch flag {
	case "input json":
		return o.input == "json"
	case "input raw":
		return o.input == "raw"
	default:
		return o.flags.Changed(flag)
	}
}

// check refuses flags that make no sense, before anything is read or dialled.
func (o *produceOptions) check() error {
	if err := o.Connection.Check(); err != nil {
		return err
	}
	if err := o.checkTogether(); err != nil {
		return err
	}
	for _, empty := range []string{"key-separator", "delimiter", "template"} {
		if o.flags.Changed(empty) && o.flags.Lookup(empty).Value.String() == "" {
			return cli.Usagef("--%s is empty", empty)
		}
	}
	switch {
	case o.null && !o.given("key") && !o.given("key-separator"):
		return cli.WithHint(cli.Usagef("--null needs a key: a tombstone is for one"), "-k KEY sends one; --key-separator takes empty values for tombstones")
	case o.flags.Changed("partition") && o.partition < 0:
		return cli.Usagef("--partition must be 0 or more, got %d", o.partition)
	case o.repeat < 1:
		return cli.Usagef("--repeat must be 1 or more, got %d", o.repeat)
	case o.flags.Changed("rate") && (o.rate <= 0 || math.IsInf(o.rate, 0) || math.IsNaN(o.rate)):
		return cli.Usagef("--rate must be more than 0, got %s", strconv.FormatFloat(o.rate, 'f', -1, 64))
	case o.given("repeat") && !slices.ContainsFunc([]string{"template", "data", "data-file"}, o.given):
		return cli.Usagef("--repeat goes with --template or --data")
	}
	return nil
}

// checkTogether refuses flags that exclude or need each other.
func (o *produceOptions) checkTogether() error {
	for _, pair := range [][2]string{
		{"key-separator", "key"},
		{"key-separator", "input json"},
		{"key-separator", "input raw"},
		{"delimiter", "input raw"},
		{"delimiter", "template"},
		{"delimiter", "data"},
		{"delimiter", "data-file"},
		{"template", "file"},
		{"template", "input raw"},
		{"template", "data"},
		{"template", "data-file"},
		{"data", "file"},
		{"data", "data-file"},
		{"data-file", "file"},
		{"data", "key-separator"},
		{"data-file", "key-separator"},
		{"event", "input json"},
		{"null", "input json"},
		{"null", "input raw"},
		{"null", "event"},
		{"null", "template"},
	} {
		if o.given(pair[0]) && o.given(pair[1]) {
			return cli.Usagef("--%s and --%s do not go together", pair[0], pair[1])
		}
	}
	for _, flag := range []string{"data", "data-file", "event-version", "no-validate"} {
		if o.given(flag) && !o.event {
			return cli.Usagef("--%s goes with --event", flag)
		}
	}
	return nil
}

// takeSettings takes what matters to a producer from a topic's settings.
func (t *targetTopic) takeSettings(settings []admin.Setting) {
	var older record.TimeLimits
	for _, s := range settings {
		switch s.Name {
		case "max.message.bytes":
			t.maxBatch, _ = strconv.Atoi(s.Value) // 0, not known, for what is no number
		case "cleanup.policy":
			t.compacted = strings.Contains(s.Value, "compact")
		case "message.timestamp.type":
			t.ownTimes = s.Value == "CreateTime"
		case "message.timestamp.before.max.ms":
			t.times.Before = s.Name + "=" + s.Value
		case "message.timestamp.after.max.ms":
			t.times.After = s.Name + "=" + s.Value
		case "message.timestamp.difference.max.ms": // until Kafka 3.5 for both
			older.Before, older.After = s.Name+"="+s.Value, s.Name+"="+s.Value
		}
	}
	if t.times == (record.TimeLimits{}) {
		t.times = older
	}
}

// senderOptions returns how the flags want records sent.
func (o *produceOptions) senderOptions(t *targetTopic, delivered func(*record.Outgoing, error)) record.SenderOptions {
	opts := record.SenderOptions{
		Client: t.client, Topic: o.topic, MaxBatch: t.maxBatch, Times: t.times, Patience: o.Timeout, Delivered: delivered,
		BrokerTimes: o.app.Format == cli.FormatJSON && !t.ownTimes && o.acks != "0",
		Acks:        record.AcksAll, Compression: kgo.NoCompression(),
	}
	switch o.acks {
	case "1":
		opts.Acks = record.AcksOne
	case "0":
		opts.Acks = record.AcksNone
	}
	switch o.compression {
	case "gzip":
		opts.Compression = kgo.GzipCompression()
	case "snappy":
		opts.Compression = kgo.SnappyCompression()
	case "lz4":
		opts.Compression = kgo.Lz4Compression()
	case "zstd":
		opts.Compression = kgo.ZstdCompression().WithLevel(1) // events get no larger than with 2, in half the time
	}
	return opts
}
