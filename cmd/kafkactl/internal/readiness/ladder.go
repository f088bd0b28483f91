package readiness

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// LadderFlags is what wait and health have in common: which stack, for which topics.
type LadderFlags struct {
	App  *cli.App
	Spec cli.SpecFlags
	WaitFlags
	DataPath bool
}

// AddFlags adds the flags of wait and health.
func (o *LadderFlags) AddFlags(cmd *cobra.Command) {
	o.Spec.AddFlags(cmd)
	o.WaitFlags.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.DataPath, "data-path", false, "also write and read a record on every broker, in a topic that is made for it and removed")
}

// Targets is what a ladder is asked about beyond the brokers.
type Targets struct {
	Desired []topicspec.Desired
	Found   bool     // a topics file was read
	Groups  []string // groups that must consume
}

// BrokerLadder is the options of a ladder, and the client that its rungs share.
type BrokerLadder struct {
	health.Options
	kafka  *kafka.Client
	Client *admin.Client  // asks over kafka
	trips  sync.WaitGroup // round trips under way
}

// Open makes the ladder; done ends it and the client.
func (l *BrokerLadder) Open() (ladder *health.Ladder, done func(), err error) {
	if ladder, err = cli.NewLadder(l.Options); err != nil {
		l.Close()
		return nil, nil, err
	}
	return ladder, func() { ladder.Close(); l.Close() }, nil
}

// Close ends the client. A round trip that was given up first removes its topic, for
// which it takes half a second at most.
func (l *BrokerLadder) Close() {
	l.trips.Wait()
	l.kafka.Close()
}

// NewBrokerLadder is sized by the topics file, and has the write path of what that
// declares tried, or of any topic where there is no file. The rungs above are the
// caller's.
func (o *LadderFlags) NewBrokerLadder(ctx context.Context, what Targets) (*BrokerLadder, error) {
	dialled, err := kafka.Dial(ctx, o.App.ClientConfig(&o.Connection))
	if err != nil {
		return nil, err
	}
	client := admin.New(dialled)
	l := &BrokerLadder{Options: o.LadderOptions(o.App, what.Desired), kafka: dialled, Client: client}
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

// unlessRefused adds hint to err. A refusal for who we are has its own, and waiting
// cannot heal it.
func unlessRefused(evidence string, err error, hint string) (string, error) {
	if kafka.Unauthorized(err) {
		return evidence, health.Permanent(err)
	}
	return evidence, cli.WithHint(err, hint)
}

// ProbeUsable is rung K7 for who is about to use the topics: one look at every broker.
func ProbeUsable(ctx context.Context, client *admin.Client, desired []topicspec.Desired) (evidence string, err error) {
	err = client.Usable(ctx, desired)
	if err == nil {
		evidence = fmt.Sprintf("%s usable on every broker", term.Count(len(desired), "topic"))
	}
	return unlessRefused(evidence, err, "kafkactl apply makes what is declared; kafkactl describe TOPIC shows leaders and replicas")
}

// ProbePresent is rung K7 for topics that are waited for by name, as they are.
func ProbePresent(ctx context.Context, client *admin.Client, names []string) (evidence string, err error) {
	if err := client.Present(ctx, names); err != nil {
		return unlessRefused("", err, "kafkactl describe TOPIC shows how it stands; kafkactl apply, or kafkactl create TOPIC, makes one that is missing")
	}
	return strings.Join(names, ", ") + " usable on every broker", nil
}

// ProbeInTurn asks one question after another, until one is not answered well.
func ProbeInTurn(questions []func(context.Context) (string, error)) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		var seen []string
		for _, ask := range questions {
			evidence, err := ask(ctx)
			if err != nil {
				return evidence, err
			}
			seen = append(seen, evidence)
		}
		return strings.Join(seen, "; "), nil
	}
}

// ProbeCondition is rung K7 for a watcher: topics that lack spare replicas can be used.
func ProbeCondition(ctx context.Context, client *admin.Client, desired []topicspec.Desired) (evidence string, err error) {
	seen, err := client.Condition(ctx, desired)
	switch {
	case err != nil:
		return unlessRefused("", err, "")
	case len(seen.Unusable) > 0:
		return "", &sickError{seen.Unusable}
	case len(seen.Degraded) > 0:
		return "", health.Degraded(&sickError{seen.Degraded})
	default:
		return fmt.Sprintf("%s usable on every broker", term.Count(len(desired), "topic")), nil
	}
}

// sickError is what is amiss with declared topics, worst first.
type sickError struct{ sick []admin.Issue }

// Error counts by kind and shows the worst few: "2 leaderless, 1 under-min-isr:
// order.created/0: no live leader, …; and 2 more".
func (e *sickError) Error() string {
	const shown = 3
	var kinds, lines []string
	counts := make(map[admin.IssueKind]int)
	for i, s := range e.sick {
		if counts[s.Kind]++; counts[s.Kind] == 1 {
			kinds = append(kinds, string(s.Kind))
		}
		if i < shown {
			lines = append(lines, s.String())
		}
	}
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", counts[admin.IssueKind(kind)], kind)
	}
	if more := len(e.sick) - shown; more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(kinds, ", ") + ": " + strings.Join(lines, "; ")
}

// Hint is the next step for the worst of them.
func (e *sickError) Hint() string {
	switch worst := e.sick[0]; worst.Kind {
	case admin.Differs:
		if worst.Topic == "" { // who is there, not what is declared
			return "brokers that are joining or leaving agree soon; if this one does not, look at its log"
		}
		return "kafkactl plan shows every difference, kafkactl apply makes them"
	case admin.Leaderless:
		return "start the brokers that hold its replicas, or look for a full or broken disk in their logs"
	case admin.Silent:
		return "the broker is frozen or overloaded: look at its log"
	case admin.UnderMinISR:
		return "start the brokers that are away, and their replicas catch up by themselves; where none is, min.insync.replicas is " +
			"above the replicas there are: lower it, or raise replicationFactor"
	default:
		return "start the brokers that are away; their replicas catch up by themselves"
	}
}
