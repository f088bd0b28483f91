package groups

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
)

// exceeded says which threshold is exceeded, "" for none: it names the worst group or partition and
// counts the others. Without a threshold, --wait waits for no lag at all.
func (o *lagOptions) exceeded(snapshot lagSnapshot) string {
	if o.hasMaxLag || o.wait && o.maxTimeLag == 0 {
		if text := o.lagExceeded(snapshot); text != "" {
			return text
		}
		if text := o.pastExceeded(snapshot); text != "" {
			return text
		}
	}
	if o.maxTimeLag > 0 {
		return o.timeLagExceeded(snapshot)
	}
	return ""
}

// hasLimit reports whether somebody relies on the lag being small.
func (o *lagOptions) hasLimit() bool { return o.hasMaxLag || o.maxTimeLag > 0 || o.wait }

// unseenError refuses to call the lag small where there is none to be seen, and may be some that the
// client may not see.
func (o *lagOptions) unseenError(snapshot lagSnapshot) error {
	if !snapshot.hidden.partial() || !o.hasLimit() || hasPartitions(snapshot.Groups) {
		return nil
	}
	cause, flags := kerr.GroupAuthorizationFailed, "--group GROUP"
	if len(snapshot.Groups) > 0 {
		cause, flags = kerr.TopicAuthorizationFailed, "--topic TOPIC"
	}
	text := fmt.Sprintf("there is no lag that %s may see, and whether there is any is not known (%s)", snapshot.hidden.viewer, cause.Message)
	return cli.WithHint(cli.WithText(cause, text), kafka.Grant("Describe", flags))
}

func (o *lagOptions) lagExceeded(snapshot lagSnapshot) string {
	text, more := "", 0
	for i := range snapshot.Groups { // the worst of those that are known is first
		g := &snapshot.Groups[i]
		switch {
		case g.Sum.Known <= o.maxLag:
		case text == "":
			text = fmt.Sprintf("group %q has lag %s, more than %d", g.Name, g.Sum, o.maxLag) + lagReason(g)
		default:
			more++
		}
	}
	if more > 0 {
		text += "; and " + term.Count(more, "more group")
	}
	return text
}

// lagReason says why a lag may stay, "" when that is not known.
func lagReason(g *groups.GroupLag) string {
	for i := range g.Partitions {
		switch p := &g.Partitions[i]; {
		case p.Hidden > 0:
			return fmt.Sprintf("; %s: %s", p, hiddenText(p))
		case p.Unlooked != nil:
			return fmt.Sprintf("; %s: %s", p, unlookedText(p))
		}
	}
	return ""
}

// pastExceeded says that a group has committed offsets past the end of a log, and that what the log
// has may be more than the threshold: it lost records or was made again, and nobody can tell how
// much of it was read.
func (o *lagOptions) pastExceeded(snapshot lagSnapshot) string {
	for i := range snapshot.Groups {
		g := &snapshot.Groups[i]
		unread, first := g.Sum.Known, (*groups.PartitionLag)(nil)
		for j := range g.Partitions {
			if p := &g.Partitions[j]; p.Past > 0 {
				unread += p.End - p.LogStart
				first = cmp.Or(first, p)
			}
		}
		if first != nil && unread > o.maxLag {
			return fmt.Sprintf("group %q has committed %d past the end of %s, which lost records or was made again: up to %s may be unread, more than %d",
				g.Name, first.Past, first, term.Count(int(unread), "record"), o.maxLag)
		}
	}
	return ""
}

func (o *lagOptions) timeLagExceeded(snapshot lagSnapshot) string {
	var (
		worst   int64 // milliseconds
		text    string
		further int
	)
	eachPartition(snapshot, func(g *groups.GroupLag, p *groups.PartitionLag) {
		behind, known := snapshot.TimeLag(p)
		if !known || behind <= o.maxTimeLag.Milliseconds() {
			return
		}
		further++
		if behind > worst {
			worst = behind
			text = fmt.Sprintf("%s in group %q is %s behind, more than %s", p, g.Name, term.ShortMillis(behind), o.maxTimeLag)
		}
	})
	if further > 1 {
		text += "; and " + term.Count(further-1, "more partition")
	}
	return text
}

// unknownError returns an error about the lag that is not known, nil when all is known.
func (o *lagOptions) unknownError(snapshot lagSnapshot) error {
	var (
		lags, times int
		first       string
		cause       error
	)
	for i := range snapshot.Groups {
		if g := &snapshot.Groups[i]; g.Err != nil {
			return asFailed(fmt.Errorf("look at group %q: %w", g.Name, g.Err))
		}
	}
	eachPartition(snapshot, func(g *groups.GroupLag, p *groups.PartitionLag) {
		_, known := snapshot.TimeLag(p)
		switch {
		case p.TopicGone:
		case p.Lag < 0:
			if lags++; lags == 1 {
				first, cause = p.String(), p.Err
			}
		case o.maxTimeLag > 0 && !known:
			if times++; times == 1 && lags == 0 {
				first = fmt.Sprintf("the time lag of %s in group %q is not known", p, g.Name)
			}
		}
	})
	switch {
	case lags > 0:
		return asFailed(fmt.Errorf("the lag of %s is not known: %s: %w", term.Count(lags, "partition"), first, cause))
	case times > 1:
		return fmt.Errorf("%s; and of %s", first, term.Count(times-1, "more partition"))
	case times > 0:
		return errors.New(first)
	default:
		return nil
	}
}

// asFailed keeps a cause that is a deadline from looking like that of the whole command.
func asFailed(err error) error { return cli.WithCode(err, cli.ExitFailed) }

// eachPartition goes over all partitions of all groups.
func eachPartition(snapshot lagSnapshot, do func(*groups.GroupLag, *groups.PartitionLag)) {
	for i := range snapshot.Groups {
		g := &snapshot.Groups[i]
		for j := range g.Partitions {
			do(g, &g.Partitions[j])
		}
	}
}
