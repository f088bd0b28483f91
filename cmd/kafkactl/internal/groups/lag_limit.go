package groups

import (
	"errors"
	"fmt"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
)

// over is what exceeds the thresholds, "" for nothing: the worst is named, the others
// are counted. Without a threshold, waiting is for no lag at all.
func (o *lagOptions) over(look lagLook) string {
	if o.limited || o.wait && o.maxTimeLag == 0 {
		if text := o.overLag(look); text != "" {
			return text
		}
	}
	if o.maxTimeLag > 0 {
		return o.overTime(look)
	}
	return ""
}

func (o *lagOptions) overLag(look lagLook) string {
	text, more := "", 0
	for i := range look.Groups { // the worst of those that are known is first
		g := &look.Groups[i]
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

func (o *lagOptions) overTime(look lagLook) string {
	var (
		worst   time.Duration
		text    string
		further int
	)
	eachPartition(look, func(g *groups.GroupLag, p *groups.PartitionLag) {
		behind, known := look.TimeLag(p)
		if !known || behind <= o.maxTimeLag {
			return
		}
		further++
		if behind > worst {
			worst = behind
			text = fmt.Sprintf("%s in group %q is %s behind, more than %s", p, g.Name, term.ShortDuration(behind), o.maxTimeLag)
		}
	})
	if further > 1 {
		text += "; and " + term.Count(further-1, "more partition")
	}
	return text
}

// unknown is the error of what is not known, nil when all is.
func (o *lagOptions) unknown(look lagLook) error {
	var (
		lags, times int
		first       string
		cause       error
	)
	for i := range look.Groups {
		if g := &look.Groups[i]; g.Err != nil {
			return asFailed(fmt.Errorf("look at group %q: %w", g.Name, g.Err))
		}
	}
	eachPartition(look, func(g *groups.GroupLag, p *groups.PartitionLag) {
		_, known := look.TimeLag(p)
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
func eachPartition(look lagLook, do func(*groups.GroupLag, *groups.PartitionLag)) {
	for i := range look.Groups {
		g := &look.Groups[i]
		for j := range g.Partitions {
			do(g, &g.Partitions[j])
		}
	}
}
