package readiness

import (
	"context"
	"errors"
	"sync"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// LadderFlags is the flags that wait and health share: which stack, for which topics.
type LadderFlags struct {
	App  *cli.App
	Spec cli.SpecFlags
	WaitFlags
	DataPath bool // --data-path: rung K9 as well
}

// AddFlags adds the flags of wait and health.
func (o *LadderFlags) AddFlags(cmd *cobra.Command) {
	o.Spec.AddFlags(cmd)
	o.WaitFlags.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.DataPath, "data-path", false, "also write and read a record on every broker, in a topic that is made for it and removed")
}

// Targets is what must be ready beyond the brokers.
type Targets struct {
	Desired []topicspec.Desired // the declared topics that shall exist, none without a topics file
	Found   bool                // a topics file was read
	Groups  []string            // groups that must consume
}

// BrokerLadder is a ladder before it is made: its options, which the caller may add to, and the
// client that its rungs share. [BrokerLadder.Open] makes it.
type BrokerLadder struct {
	health.Options
	kafka  *kafka.Client
	Client *admin.Client  // asks over kafka
	trips  sync.WaitGroup // round trips under way
}

// Open makes the ladder; done ends it and the client. After an error both have ended.
func (l *BrokerLadder) Open() (ladder *health.Ladder, done func(), err error) {
	if ladder, err = cli.NewLadder(l.Options); err != nil {
		l.Close()
		return nil, nil, err
	}
	return ladder, func() { ladder.Close(); l.Close() }, nil
}

// Close ends the client. It waits for round trips that were given up: each removes its topic, for
// which it takes half a second at most.
func (l *BrokerLadder) Close() {
	l.trips.Wait()
	l.kafka.Close()
}

// NewBrokerLadder returns the ladder up to the write path, sized by the topics file. The write path
// is tried with what the file declares, or with any topic where there is no file. The rungs above,
// such as K7, are for the caller to set.
func (o *LadderFlags) NewBrokerLadder(ctx context.Context, what Targets) (*BrokerLadder, error) {
	dialled, err := kafka.Dial(ctx, o.App.ClientConfig(&o.Connection))
	if err != nil {
		return nil, err
	}
	client := admin.New(dialled)
	l := &BrokerLadder{Options: o.LadderOptions(o.App, what.Desired), kafka: dialled, Client: client}
	l.Reached = dialled.Reseed
	l.WritePath = func(ctx context.Context) (evidence string, err error) {
		evidence, err = client.Writable(ctx)
		if errors.As(err, new(*admin.UnexplainedError)) {
			return evidence, health.Permanent(err)
		}
		return evidence, err
	}
	if what.Found {
		l.WritePath = newWritePath(client, what.Desired, l.MinBrokers).ask
	}
	if o.DataPath {
		factor, _ := topicspec.BrokersNeeded(what.Desired)
		l.DataPath = func(ctx context.Context) (evidence string, err error) {
			l.trips.Add(1)
			defer l.trips.Done()
			evidence, err = client.RoundTrip(ctx, max(factor, 1))
			return unlessRefused(evidence, err, "kafkactl health shows which rung below it has changed; look at that broker's log")
		}
	}
	if len(what.Groups) > 0 {
		l.Groups = func(ctx context.Context) (string, error) {
			evidence, err := groups.New(dialled).Consuming(ctx, what.Groups)
			if errors.As(err, new(*groups.OtherGroupError)) {
				return evidence, health.Permanent(err)
			}
			return unlessRefused(evidence, err, "start the group's consumers, or look in their logs for why they do not join")
		}
	}
	return l, nil
}

// unlessRefused adds hint to err. A refusal of our credentials or rights has a hint of its own, and
// waiting cannot heal it.
func unlessRefused(evidence string, err error, hint string) (string, error) {
	if kafka.Unauthorized(err) {
		return evidence, health.Permanent(err)
	}
	return evidence, cli.WithHint(err, hint)
}
