package health

import (
	"fmt"
	"strings"
	"time"
)

// absence is for how long a cluster has been whole without the given addresses that do not answer.
type absence struct {
	patience time.Duration // for how long they are waited for where it was seen starting
	starting bool          // at some climb it was not whole: brokers of it may be yet to come
	picture  string
	since    time.Time
}

// lasted keeps the picture of a whole cluster and returns for how long it has been the same.
func (a *absence) lasted(picture string, now time.Time) time.Duration {
	if a.picture != picture {
		a.picture, a.since = picture, now
	}
	return now.Sub(a.since)
}

// judgeAbsent decides about the addresses that do not answer while others do. Where the cluster is
// whole without them they are a warning: at once where it was whole from the first climb on, and
// after the ladder's patience where it was seen starting, because its brokers come one after
// another. Everywhere else they are waited for.
func (c *climb) judgeAbsent() {
	l := c.ladder
	if l.tolerant || c.asking.enough > 0 {
		return
	}
	excused := c.excused(time.Now())
	for i, f := range c.findings {
		switch {
		case len(f.absent) == 0:
		case excused:
			c.findings[i].take(advise("address-left-out"))
		default:
			strict := combine(f.absent, len(f.absent))
			f.Verdict, f.Evidence, f.Err, f.cut = strict.verdict, oneLine(strict.evidence), strict.err, strict.cut
			f.take(c.orFewer(strict.hint))
			c.findings[i] = f
		}
	}
}

// excused reports whether nothing is missing in the cluster but the addresses that do not answer:
// every address that brokers advertise answers, and there are as many as are needed.
func (c *climb) excused(now time.Time) bool {
	l := c.ladder
	for _, rung := range []string{"K3", "K4"} {
		if i := c.index(rung); i < 0 || !c.findings[i].Verdict.Holds() {
			l.absence.starting, l.absence.picture = true, ""
			return false
		}
	}
	var picture strings.Builder
	for _, v := range c.brokerViews() {
		fmt.Fprintf(&picture, "%s:%s ", v.addr, v.ids())
	}
	lasted := l.absence.lasted(picture.String(), now)
	return !l.absence.starting || lasted >= l.absence.patience
}

// orFewer returns a hint about an address that is waited for, and how not to wait where brokers are
// there already.
func (c *climb) orFewer(h hint) hint {
	_, there := c.cluster()
	if there == 0 {
		return h
	}
	return hint{h.id, h.text + "; " + advise("or-fewer", there).text}
}
