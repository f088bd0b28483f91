package groups

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafka"
)

// lagPoll is the time between two snapshots while --wait waits.
const lagPoll = 500 * time.Millisecond

// waitDrained takes snapshots until no group is over the thresholds. It waits for what is not
// known, but not for a group that does not exist.
func (o *lagOptions) waitDrained(s *cli.Session) error {
	var (
		last     lagSnapshot
		cause    error
		progress = o.app.NewWaitLine(time.Now())
	)
	for {
		snapshot, err := o.takeSnapshot(s.Ctx, s.Groups, s.Config)
		if err == nil {
			last, err = snapshot, o.exitError(snapshot)
		}
		switch {
		case err == nil, errors.As(err, new(*kafka.NotFoundError)), kafka.Unauthorized(err), kafka.OwnFault(err) != nil:
			progress.Finish()
			if shown := o.show(last); shown != nil {
				return shown
			}
			return err
		case s.Ctx.Err() == nil || cause == nil: // at the end an error may only say that it is the end
			cause = err
		}
		seen, why := last, cause // as they are now: the line is written later, if ever
		progress.ShowDoc(why.Error(), func(elapsed time.Duration) any { return newLagProgressDoc(seen, elapsed, why) })
		if !kafka.Pause(s.Ctx, lagPoll) {
			break
		}
	}
	progress.Finish()
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

// newLagProgressDoc returns the total lag of a snapshot.
func newLagProgressDoc(snapshot lagSnapshot, elapsed time.Duration, cause error) lagProgressDoc {
	return lagProgressDoc{elapsed.Milliseconds(), snapshot.Total.Exact(), cause.Error()}
}
