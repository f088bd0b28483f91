package groups

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafka"
)

// lagPoll is the time between two looks while lag is waited for.
const lagPoll = 500 * time.Millisecond

// waitDrained looks until no group is over the thresholds. What is not known is waited
// for; a group that does not exist is not.
func (o *lagOptions) waitDrained(s *cli.Session) error {
	var (
		last  lagLook
		cause error
		told  = o.app.NewWaitLine(time.Now())
	)
	for {
		look, err := o.look(s.Ctx, s.Groups, s.Config)
		if err == nil {
			last, err = look, o.verdict(look)
		}
		switch {
		case err == nil, errors.As(err, new(*kafka.NotFoundError)), kafka.Unauthorized(err):
			told.Finish()
			if shown := o.show(last); shown != nil {
				return shown
			}
			return err
		case s.Ctx.Err() == nil || cause == nil: // at the end an error may only say that it is the end
			cause = err
		}
		seen, why := last, cause // as they are now: it is told later, if ever
		told.ShowDoc(why.Error(), func(elapsed time.Duration) any { return newLagProgressDoc(seen, elapsed, why) })
		if !kafka.Pause(s.Ctx, lagPoll) {
			break
		}
	}
	told.Finish()
	if errors.Is(s.Ctx.Err(), context.Canceled) {
		return s.Ctx.Err()
	}
	if err := o.show(last); err != nil {
		return err
	}
	return cli.WithCode(fmt.Errorf("not drained after %s: %w", o.Timeout, cause), cli.ExitTimeout)
}

// lagProgressDoc is one line of progress with -o json.
type lagProgressDoc struct {
	ElapsedMS int64  `json:"elapsedMs"`
	TotalLag  *int64 `json:"totalLag"`
	Waiting   string `json:"waiting"`
}

// newLagProgressDoc is the lag in all of a look.
func newLagProgressDoc(look lagLook, elapsed time.Duration, cause error) lagProgressDoc {
	return lagProgressDoc{elapsed.Milliseconds(), look.Total.Exact(), cause.Error()}
}
