package admin

import (
	"context"
	"time"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Client asks one cluster about its topics and brokers, and changes topics. It is safe for
// concurrent use.
type Client struct {
	kafka *kafka.Client
	quota *quotaMemory

	progress func(what string) // see WithProgress
	consent  topicspec.Consent // see WithConsent
	moves    Moves             // see WithMoves
	examiner Examiner          // see WithExaminer
	access   AccessKeeper      // see WithAccess
	pause    func(ctx context.Context, d time.Duration) bool
}

// New returns a client that asks over c, which stays the caller's to close.
func New(c *kafka.Client) *Client {
	return &Client{kafka: c, quota: new(quotaMemory), pause: kafka.Pause}
}

// HidesTopics is [kafka.Client.HidesTopics].
func (c *Client) HidesTopics(ctx context.Context) (bool, error) { return c.kafka.HidesTopics(ctx) }

// WithProgress returns the same client, which reports what its changes wait for: while Apply asks
// again or sends more than one request, and while Settle and SettleGone look again, progress is
// called with it, often and from one goroutine at a time.
func (c *Client) WithProgress(progress func(what string)) *Client {
	reporting := *c
	reporting.progress = progress
	return &reporting
}

// WithConsent returns the same client, which plans and makes also changes with the risks that the user accepts. Without
// it none is made: what has a risk is blocked in a plan, and blocked again by Apply.
func (c *Client) WithConsent(consent topicspec.Consent) *Client {
	accepting := *c
	accepting.consent = consent
	return &accepting
}

// reportWait reports err as the reason why a change is not done yet.
func (c *Client) reportWait(err error) { c.report(err.Error()) }

// report reports how far the changes are.
func (c *Client) report(what string) {
	if c.progress != nil {
		c.progress(what)
	}
}
