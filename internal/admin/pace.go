package admin

import (
	"context"
	"time"

	"kafkactl/internal/kafka"
)

// How long a client waits between two looks at something that is not there yet.
const (
	// A new topic is usable everywhere within some hundred milliseconds on a cluster that
	// runs: looks this close together cost apply next to nothing.
	shortestPause = 20 * time.Millisecond
	// A look at three brokers is about 13 requests: one a second is no load, also for brokers
	// that are busy starting.
	longestPause = time.Second
	// The pause is this part of the time waited so far, so that waiting ends at most a tenth
	// later than it could. It takes some 50 looks to wait 10 s and 130 to wait 90 s; a look
	// every 20 ms takes 4,500.
	pausePart = 10
)

// pace is the rhythm of a loop that looks again until something is there: fast at first, then
// slower, and fast again when something moves. Its zero value is ready for use, for one loop.
type pace struct {
	seen  map[string]bool
	begun time.Time
}

// moved notes what the last look showed. Something that was not seen before is progress
// and makes the next pauses short again; what comes and goes is not.
func (p *pace) moved(what string) {
	if p.seen[what] {
		return
	}
	if p.seen == nil {
		p.seen = make(map[string]bool)
	}
	p.seen[what] = true
	p.begun = time.Time{}
}

// pause waits until the next look is due, or ctx ends, and reports whether time is left.
func (p *pace) pause(ctx context.Context) bool {
	if p.begun.IsZero() {
		p.begun = time.Now()
	}
	return kafka.Pause(ctx, min(max(time.Since(p.begun)/pausePart, shortestPause), longestPause))
}
