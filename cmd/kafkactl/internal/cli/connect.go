package cli

import (
	"context"

	"kafkactl/internal/admin"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
)

// Session is a connection that is known to reach a broker, and the context that bounds
// the whole command. Close ends both.
type Session struct {
	*admin.Client
	Groups *groups.Client
	kafka  *kafka.Client // the connection that both ask over
	Config kafka.Config  // what it was dialled with
	Ctx    context.Context
	cancel context.CancelFunc
}

// Close ends the client and the time that the command has.
func (s *Session) Close() {
	s.kafka.Close()
	s.cancel()
}

// Connect reaches the cluster for a command that does not wait. A dead, silent or
// wrong port is named at once: one address that speaks Kafka is enough.
func (a *App) Connect(ctx context.Context, c *Connection) (*Session, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	config := a.ClientConfig(c)
	ladder, err := NewLadder(health.Options{Brokers: c.Brokers, Client: config.ClientOpts(), Place: a.Place()})
	if err != nil {
		return nil, err
	}
	defer ladder.Close()
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
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
	s := NewSession(ctx, cancel, client)
	s.Config = config
	return s, nil
}

// NewSession is a session over client, which it closes.
func NewSession(ctx context.Context, cancel context.CancelFunc, client *kafka.Client) *Session {
	return &Session{Client: admin.New(client), Groups: groups.New(client), kafka: client, Ctx: ctx, cancel: cancel}
}

// unreachable is the finding as an error that keeps its cause.
func unreachable(f health.Finding) error {
	return WithHint(&unreachableError{evidenceError{"no broker can be reached: " + f.Evidence, f.Err}}, f.Hint)
}

// unreachableError is a cluster that does not answer a command that does not wait:
// failed, even where the cause is a deadline.
type unreachableError struct{ evidenceError }

// evidenceError says what was seen and keeps the cause for exit codes.
type evidenceError struct {
	text  string
	cause error
}

// WithText is an error that says text and keeps its cause, for exit codes and Kafka's error names.
func WithText(cause error, text string) error { return &evidenceError{text, cause} }

func (e *evidenceError) Error() string { return e.text }

func (e *evidenceError) Unwrap() error { return e.cause }

// NewLadder refuses options that no ladder can be made of: they come from flags.
func NewLadder(options health.Options) (*health.Ladder, error) {
	ladder, err := health.New(options)
	if err != nil {
		return nil, AsUsage(err)
	}
	return ladder, nil
}
