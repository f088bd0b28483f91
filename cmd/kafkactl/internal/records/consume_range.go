package records

import (
	"time"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// rangeFlags are the flags that say where to begin and where to end.
type rangeFlags struct {
	fromBeginning bool
	follow        bool
	since, until  string
	offset        string
	tail          int
	lateness      time.Duration
	partitions    []int32
	flags         interface{ Changed(string) bool }
}

func (f *rangeFlags) addFlags(cmd *cobra.Command) {
	f.flags = cmd.Flags()
	cmd.Flags().BoolVar(&f.fromBeginning, "from-beginning", false, "begin with the oldest record")
	cmd.Flags().BoolVarP(&f.follow, "follow", "f", false, "go on with new records until interrupted")
	cmd.Flags().StringVar(&f.since, "since", "", "records from this time on: 1h, yesterday, 2026-11-22T10:00:00Z")
	cmd.Flags().StringVar(&f.until, "until", "", "records before this time, also those that stand behind newer ones")
	cmd.Flags().DurationVar(&f.lateness, "lateness", 0, "with --until: read no further than records so much later than it (default: to the end)")
	cmd.Flags().StringVar(&f.offset, "offset", "", "begin at: start, end, +N, -N (before the end), N, PARTITION:N; several with commas")
	cmd.Flags().IntVar(&f.tail, "tail", tailDefault, "the last N records of all partitions together, by time; 0 is none")
	cmd.Flags().Int32SliceVarP(&f.partitions, "partition", "p", nil, "only these partitions")
}

// readRange is what is read: a selection, or the newest records of it.
type readRange struct {
	record.Selection
	// tail, when hasTail is set, are the newest records of the selection to print first; with Follow
	// what comes after them is printed too.
	tail    int
	hasTail bool
	// implied says that nobody asked for a tail: then a hint says what was left out.
	implied bool
}

// readRange returns what the flags select. It asks no broker. zone is the error of [cli.App.Now].
func (f *rangeFlags) readRange(o *consumeOptions, topics []string, now time.Time, zone error) (readRange, error) {
	p := readRange{Selection: record.Selection{Topics: topics, Partitions: f.partitions, Follow: f.follow}}
	if err := f.conflicts(o); err != nil {
		return p, err
	}
	var err error
	if f.offset != "" {
		if p.Positions, err = record.ParsePositions(f.offset); err != nil {
			return p, cli.Usagef("--offset %q: %w", f.offset, err)
		}
		if err := p.Check(); err != nil {
			return p, cli.Usagef("--offset %q with --partition: %w", f.offset, err)
		}
	}
	if p.Since, err = cli.ParseTimeFlag("since", f.since, now, zone); err != nil {
		return p, err
	}
	if p.Until, err = cli.ParseTimeFlag("until", f.until, now, zone); err != nil {
		return p, err
	}
	if f.flags.Changed("lateness") {
		p.Lateness = &f.lateness
	}
	if !p.Since.IsZero() && !p.Until.IsZero() && !p.Since.Before(p.Until) {
		return p, cli.Usagef("--since %s is not before --until %s", f.since, f.until)
	}
	switch {
	case f.flags.Changed("tail"):
		p.tail, p.hasTail = f.tail, true
	case f.saysStart() || o.group != "" || o.hasExpect || o.audit:
	case o.hasCount && !f.follow:
		p.tail, p.hasTail = int(o.count), true
	default:
		p.tail, p.hasTail, p.implied = tailDefault, true, true
	}
	if o.hasExpect && f.until == "" {
		p.Follow = true
	}
	return p, nil
}

// saysStart reports whether some flag says where to begin.
func (f *rangeFlags) saysStart() bool { return f.fromBeginning || f.offset != "" || f.since != "" }

// conflicts refuses flags that contradict each other.
func (f *rangeFlags) conflicts(o *consumeOptions) error {
	starts := 0
	for _, given := range []bool{f.fromBeginning, f.offset != "", f.since != ""} {
		if given {
			starts++
		}
	}
	tail := f.flags.Changed("tail")
	switch {
	case starts > 1:
		return cli.Usagef("--from-beginning, --offset and --since exclude each other: each says where to begin")
	case tail && f.tail < 0:
		return cli.Usagef("--tail must not be negative, got %d", f.tail)
	case tail && o.group != "":
		return cli.Usagef("--tail does not go with --group: what lies before the tail would be committed unread")
	case tail && o.audit:
		return cli.Usagef("--tail does not go with --validate: say where to begin with --since or --offset")
	case f.follow && f.until != "":
		return cli.Usagef("--follow does not go with --until: one has no end, the other is one")
	case f.flags.Changed("lateness") && (f.until == "" || f.lateness < 0):
		return cli.Usagef("--lateness goes with --until, and must not be negative: it says how far behind that time reading ends")
	case o.expect < 0:
		return cli.Usagef("--expect must not be negative, got %d", o.expect)
	case o.count < 0:
		return cli.Usagef("--count must not be negative, got %d", o.count)
	case o.hasExpect && o.hasCount:
		return cli.Usagef("-n does not go with --expect N: that ends with the Nth record")
	case o.hasExpect && o.audit:
		return cli.Usagef("--expect does not go with --validate")
	default:
		return nil
	}
}
