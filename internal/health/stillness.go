package health

import (
	"fmt"
	"strings"
	"time"
)

// stillness is how the ladder looks, and since when it has looked the same.
type stillness struct {
	picture string
	since   time.Time
	most    int  // brokers in the longest list seen so far
	rising  bool // at some climb no address listed brokers: the cluster was seen starting
}

// lasted keeps a picture and returns for how long it has been the same.
func (s *stillness) lasted(picture string, now time.Time) time.Duration {
	if s.picture != picture || s.since.IsZero() {
		s.picture, s.since = picture, now
	}
	return now.Sub(s.since)
}

// judgeStillness makes too few brokers a failure once nothing has changed for the settle time: all
// brokers that were going to join have joined. While anything still changes it is a wait. It also
// is where enough brokers were listed once: the missing ones have left and may come back, and a
// restart takes longer than any settle time.
func (c *climb) judgeStillness() {
	l := c.ladder
	var picture strings.Builder
	picture.WriteString(verdicts(c.findings))
	for _, v := range c.brokerViews() {
		fmt.Fprintf(&picture, " %s:%s", v.addr, v.ids())
		l.stillness.most = max(l.stillness.most, len(v.brokers))
	}
	_, fewest := c.cluster()
	l.stillness.rising = l.stillness.rising || fewest == 0
	still := l.stillness.lasted(picture.String(), time.Now())
	settle := l.settle
	if !l.stillness.rising {
		settle /= 2 // it was up before we came: what starts with it has had more time already
	}
	// An address that does not answer yet may be a broker that is not listed yet.
	if still < settle || len(c.brokerViews()) < len(l.brokers) {
		return
	}
	for i, f := range c.findings {
		if f.Verdict == Wait && f.wants > l.stillness.most {
			c.findings[i].Verdict = Fail
			c.findings[i].Evidence += fmt.Sprintf("; no broker joined for %s", settle)
		}
	}
}

// verdicts returns the shape of a ladder: each rung and its verdict.
func verdicts(findings []Finding) string {
	var shape strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&shape, "%s=%s ", f.Rung, f.Verdict)
	}
	return shape.String()
}
