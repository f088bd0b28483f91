package main

import (
	"context"
	"errors"
	"strings"

	"kafkactl/internal/admin"
	"kafkactl/internal/health"
)

// session is a client that is known to reach a broker, and the context that bounds
// the whole command. Close ends both.
type session struct {
	*admin.Client
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *session) Close() {
	s.Client.Close()
	s.cancel()
}

// connect reaches the cluster for a command that does not wait. A dead, silent or
// wrong port is named at once: one address that speaks Kafka is enough.
func (a *app) connect(ctx context.Context, c *connection) (*session, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	speaking, err := c.reach(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	config := c.clientConfig()
	config.Brokers = []string{speaking} // it names the others; a silent address would cost the whole timeout
	client, err := admin.Dial(ctx, config)
	if err != nil {
		cancel()
		return nil, err
	}
	return &session{Client: client, ctx: ctx, cancel: cancel}, nil
}

// reach is the first of the addresses to speak Kafka. The error tells of each why it
// does not.
func (c *connection) reach(ctx context.Context) (address string, err error) {
	ladders := make([]*health.Ladder, len(c.brokers))
	options := health.Options{Brokers: c.brokers, Client: c.clientConfig().ClientOpts()}
	if _, err := health.New(options); err != nil {
		return "", &usageError{err}
	}
	for i, broker := range c.brokers {
		options.Brokers = []string{broker}
		if ladders[i], err = health.New(options); err != nil {
			return "", &usageError{err}
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type arrival struct {
		index    int
		blocking health.Finding
		blocked  bool
	}
	arrivals := make(chan arrival, len(ladders))
	for i, ladder := range ladders {
		go func() {
			defer ladder.Close()
			blocking, blocked := ladder.Reach(ctx).Blocking()
			arrivals <- arrival{i, blocking, blocked}
		}()
	}
	findings := make([]health.Finding, len(ladders))
	for range ladders {
		a := <-arrivals
		if !a.blocked {
			return c.brokers[a.index], nil
		}
		findings[a.index] = a.blocking
	}
	return "", unreachable(findings)
}

// unreachable is the findings as one error that keeps their causes.
func unreachable(findings []health.Finding) error {
	var evidence []string
	var causes []error
	for _, f := range findings {
		evidence, causes = append(evidence, f.Evidence), append(causes, f.Err)
	}
	text := "no broker can be reached: " + strings.Join(evidence, "; ")
	return withHint(&unreachableError{evidenceError{text: text, cause: errors.Join(causes...)}}, findings[0].Hint)
}

// unreachableError is a cluster that does not answer a command that does not wait:
// failed, even where the cause is a deadline.
type unreachableError struct{ evidenceError }

// evidenceError says what was seen and keeps the cause for exit codes.
type evidenceError struct {
	text  string
	cause error
}

func (e *evidenceError) Error() string { return e.text }
func (e *evidenceError) Unwrap() error { return e.cause }
