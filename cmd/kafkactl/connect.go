package main

import (
	"context"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
)

// session is a connection that is known to reach a broker, and the context that bounds
// the whole command. Close ends both.
type session struct {
	*admin.Client
	groups *groups.Client
	kafka  *kafka.Client // the connection that both ask over
	config kafka.Config  // what it was dialled with
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *session) Close() {
	s.kafka.Close()
	s.cancel()
}

// connect reaches the cluster for a command that does not wait. A dead, silent or
// wrong port is named at once: one address that speaks Kafka is enough.
func (a *app) connect(ctx context.Context, c *connection) (*session, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	config := a.clientConfig(c)
	ladder, err := newLadder(health.Options{Brokers: c.brokers, Client: config.ClientOpts(), Place: a.place()})
	if err != nil {
		return nil, err
	}
	defer ladder.Close()
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	reached := ladder.Reach(ctx)
	if blocking, blocked := reached.Blocking(); blocked {
		cancel()
		return nil, unreachable(blocking)
	}
	config.Brokers = reached.Speaking // a silent one among them could cost the whole timeout
	client, err := kafka.Dial(ctx, config)
	if err != nil {
		cancel()
		return nil, err
	}
	s := newSession(ctx, cancel, client)
	s.config = config
	return s, nil
}

// newSession is a session over client, which it closes.
func newSession(ctx context.Context, cancel context.CancelFunc, client *kafka.Client) *session {
	return &session{Client: admin.New(client), groups: groups.New(client), kafka: client, ctx: ctx, cancel: cancel}
}

// unreachable is the finding as an error that keeps its cause.
func unreachable(f health.Finding) error {
	return withHint(&unreachableError{evidenceError{"no broker can be reached: " + f.Evidence, f.Err}}, f.Hint)
}

// unreachableError is a cluster that does not answer a command that does not wait:
// failed, even where the cause is a deadline.
type unreachableError struct{ evidenceError }

// evidenceError says what was seen and keeps the cause for exit codes.
type evidenceError struct {
	text  string
	cause error
}

// rephrased is an error that says text and keeps its cause, for exit codes and Kafka's error names.
func rephrased(text string, cause error) error { return &evidenceError{text, cause} }

func (e *evidenceError) Error() string { return e.text }
func (e *evidenceError) Unwrap() error { return e.cause }
