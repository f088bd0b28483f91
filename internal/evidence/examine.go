package evidence

import (
	"context"
	"time"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Client asks one cluster about the risks of changes. It is safe for concurrent use.
type Client struct {
	config kafka.Config
	kafka  *kafka.Client
	groups *groups.Client
	admin  *admin.Client
	now    func() time.Time
	apart  time.Duration // between two looks: see lookTwice
}

// New returns a client that asks over c, which stays the caller's to close. Records are read over connections of their
// own, made as config says. now is the clock.
func New(config kafka.Config, c *kafka.Client, now func() time.Time) *Client {
	return &Client{config: config, kafka: c, groups: groups.New(c), admin: admin.New(c), now: now, apart: 5 * time.Second}
}

// Examine returns the evidence about each of changes, nil for those that neither have a risk nor could have one: it is
// about growth, about settings that make the brokers remove records, and about deletion. What cannot be found out is
// told in the evidence. The error is that of ctx, when it ended before all was asked.
//
// It asks for everything at most once, of all topics together: see the package.
func (c *Client) Examine(ctx context.Context, changes []topicspec.Change) ([]*topicspec.Evidence, error) {
	found := make([]*topicspec.Evidence, len(changes))
	subjects := newSubjects(changes)
	if len(subjects) == 0 {
		return found, nil
	}
	if c.askSettings(ctx, subjects); len(subjects.concerned()) > 0 {
		c.ask(ctx, subjects.concerned())
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	now := c.now()
	for i, change := range changes {
		if s := subjects[change.Topic]; s != nil {
			found[i] = s.evidence(change, now)
		}
	}
	return found, nil
}

// ask finds out what is asked about subjects, whose settings are known.
func (c *Client) ask(ctx context.Context, subjects subjects) {
	meta, err := c.kafka.AnyMetadata(ctx, subjects.names())
	if err != nil {
		subjects.fail(err)
		return
	}
	meta = c.askBounds(ctx, meta, subjects)
	together(
		func() { c.askKeys(ctx, subjects.of(asksKeys)) },
		func() { c.askCuts(ctx, meta, subjects.of(asksTrim)) },
		func() { c.askOldest(ctx, meta, subjects.of(asksTrim|asksDeletion)) },
		func() { c.askSizes(ctx, subjects.of(asksTrim|asksDeletion)) },
		func() { c.askReaders(ctx, subjects) },
		func() { c.askNewest(ctx, meta, subjects.of(asksDeletion)) },
		func() { c.askProducers(ctx, subjects.of(asksDeletion)) },
		func() { c.askMoves(ctx, subjects.of(asksDeletion)) },
	)
}
