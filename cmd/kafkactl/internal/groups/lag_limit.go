package groups

import (
	"errors"
	"fmt"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
)

// exceeded says which threshold is exceeded, "" for none: it names the worst group or partition and
// counts the others. Without a threshold, --wait waits for no lag at all.
func (o *lagOptions) exceeded(snapshot lagSnapshot) string {
	if o.hasMaxLag || o.wait && o.maxTimeLag == 0 {
		if text := o.lagExceeded(snapshot); text != "" {
			return text
		}
	}
	if o.maxTimeLag > 0 {
		return o.timeLagExceeded(snapshot)
	}
	return ""
}

func (o *lagOptions) lagExceeded(snapshot lagSnapshot) string {
	text, more := "", 0
	for i := range snapshot.Groups { // the worst of those that are known is first
		g := &snapshot.Groups[i]
		switch {
		case g.Sum.Known <= o.maxLag:
		case text == "":
			text = fmt.Sprintf("group %q has lag %s, more than %d", g.Name, g.Sum, o.maxLag)
		default:
			more++
		}
	}
	if more > 0 {
		text += "; and " + term.Count(more, "more group")
	}
	return text
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
