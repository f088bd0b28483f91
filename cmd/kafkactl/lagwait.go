package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kafkactl/internal/admin"
)

// lagPoll is the time between two looks while lag is waited for.
const lagPoll = 500 * time.Millisecond

// waitDrained looks until no group is over the thresholds. What is not known is waited
// for; a group that does not exist is not.
func (o *lagOptions) waitDrained(s *session) error {
	var (
		last  lagLook
		cause error
		told  = newLagProgress(o.app)
	)
	for {
		look, err := o.look(s.ctx, s.Client, s.config)
		if err == nil {
			last, err = look, o.verdict(look)
		}
		switch {
		case err == nil, errors.As(err, new(*admin.NotFoundError)), admin.Unauthorized(err):
			told.end()
			if shown := o.show(last); shown != nil {
				return shown
			}
			return err
		case s.ctx.Err() == nil || cause == nil: // at the end an error may only say that it is the end
			cause = err
		}
		told.say(last, cause)
		if !sleep(s.ctx, lagPoll) {
			break
		}
	}
	told.end()
	if errors.Is(s.ctx.Err(), context.Canceled) {
		return s.ctx.Err()
	}
	if err := o.show(last); err != nil {
		return err
	}
	return &reportedError{fmt.Errorf("not drained after %s: %w", o.timeout, cause), exitTimeout}
}

// sleep waits d; false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// lagProgress tells on stderr what is waited for: one line that is drawn over itself on a
// terminal, a line every heartbeat elsewhere, with -o json as an object.
type lagProgress struct {
	app   *app
	start time.Time
	spoke time.Time
	live  bool
	drawn bool
}

func newLagProgress(a *app) *lagProgress {
	now := time.Now()
	return &lagProgress{app: a, start: now, spoke: now, live: a.errTTY && a.env("TERM") != "dumb" && a.format != formatJSON}
}

// lagProgressDoc is one line of progress with -o json.
type lagProgressDoc struct {
	ElapsedMS int64  `json:"elapsedMs"`
	TotalLag  *int64 `json:"totalLag"`
	Waiting   string `json:"waiting"`
}

func (p *lagProgress) say(look lagLook, cause error) {
	if !p.live && time.Since(p.spoke) < heartbeat {
		return
	}
	p.spoke = time.Now()
	elapsed := p.spoke.Sub(p.start)
	w := p.app.streams.err
	switch {
	case p.app.format == formatJSON:
		total := lagSum{}
		for i := range look.groups {
			sum := sumOf(&look.groups[i])
			total.known, total.unknown, total.failed = total.known+sum.known, total.unknown+sum.unknown, total.failed || sum.failed
		}
		line, _ := json.Marshal(lagProgressDoc{elapsed.Milliseconds(), total.exact(), cause.Error()})
		fmt.Fprintf(w, "%s\n", line)
	case p.live:
		p.drawn = true // ?7l: a long cause takes one line of the screen
		fmt.Fprintf(w, "\r\x1b[K\x1b[?7l%6.1fs waiting: %v\x1b[?7h", elapsed.Seconds(), cause)
	default:
		fmt.Fprintf(w, "%6.1fs waiting: %v\n", elapsed.Seconds(), cause)
	}
}

// end takes the line off the terminal.
func (p *lagProgress) end() {
	if p.drawn {
		fmt.Fprint(p.app.streams.err, "\r\x1b[K")
	}
}
