package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"

	"kafkactl/internal/kafka"
)

// Repeat asks brokers again and again, for as long as their answers only mean "not yet".
type Repeat struct {
	// Ask asks about the items with these numbers, and returns their answers in that order, nil for one that is done.
	Ask func(ctx context.Context, items []int) []error
	// Passes reports whether an answer may be another one later. Nil is [MayPass].
	Passes func(err error) bool
	// Policy returns what [UnexplainedError] says of an item. Nil is "" for each.
	Policy func(item int) string
	// Waits is called with the first item that is not done, and its answer, before each new try. It may be nil.
	Waits func(item int, err error)
}

// Until returns an answer for each of so many items, nil for one that is done. It asks until each has an answer that is
// not "not yet", or ctx ends: the answer is an [*OverdueError] then.
func (r Repeat) Until(ctx context.Context, items int) []error {
	answers, tries := make([]error, items), make([]repeated, items)
	pending := make([]int, items)
	for i := range pending {
		pending[i] = i
	}
	for next := (pace{}); len(pending) > 0; {
		for i, err := range r.Ask(ctx, pending) {
			r.take(&answers[pending[i]], tries[pending[i]].judge(err, r.policy(pending[i])))
		}
		pending = slices.DeleteFunc(pending, func(i int) bool { return !r.passes(answers[i]) })
		if len(pending) == 0 {
			break
		}
		next.moved(fmt.Sprint(len(pending)))
		if r.Waits != nil {
			r.Waits(pending[0], answers[pending[0]])
		}
		if !next.pauseAfter(ctx, answers...) {
			for _, i := range pending {
				answers[i] = &OverdueError{answers[i]}
			}
			break
		}
	}
	return answers
}

// take puts a new answer in the place of the one before. What the end of ctx cut off says less than that.
func (r Repeat) take(last *error, answer error) {
	switch {
	case !kafka.Ended(answer):
		*last = answer
	case *last == nil:
		*last = fmt.Errorf("the broker that makes it has not answered: %w", answer)
	}
}

func (r Repeat) passes(err error) bool {
	if r.Passes != nil {
		return r.Passes(err)
	}
	return MayPass(err)
}

func (r Repeat) policy(item int) string {
	if r.Policy == nil {
		return ""
	}
	return r.Policy(item)
}

// MayPass reports whether err may be gone when the same is asked again: the broker says "not yet", or went away while it
// was asked.
func MayPass(err error) bool { return mayPass(err) || disconnected(err) }

// disconnected reports whether a broker went away while it was asked.
func disconnected(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded)
}
