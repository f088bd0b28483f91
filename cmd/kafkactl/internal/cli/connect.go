package cli

import (
	"context"
	"time"

	"kafkactl/internal/admin"
	"kafkactl/internal/evidence"
	"kafkactl/internal/groups"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
)

// Session is a connection that reached a broker, with the context that bounds the whole command.
// [Session.Close] ends both.
type Session struct {
	*admin.Client
	Groups *groups.Client
	Kafka  *kafka.Client   // the connection that both ask over
	Config kafka.Config    // what it was dialled with
	Ctx    context.Context // ends with --timeout, and with the context of the command
	cancel context.CancelFunc
}

// Close ends the connection and Ctx.
func (s *Session) Close() {
	s.Kafka.Close()
	s.cancel()
}

// Connect reaches the cluster for a command that does not wait. One address that speaks Kafka is
// enough; where none does, the error names the dead, silent or wrong port: at once or,
// where it was awaited, when its time is over.
func (a *App) Connect(ctx context.Context, c *Connection) (*Session, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	config := a.ClientConfig(c)
	ladder, err := NewLadder(health.Options{Brokers: c.Brokers, Client: config.ClientOpts(), Place: a.Place(), Attempt: config.Attempt()})
	if err != nil {
		return nil, err
	}
	defer ladder.Close()
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	c.until, _ = ctx.Deadline()
	var reached health.Readiness
	if c.Await == nil {
		reached = ladder.Reach(ctx)
	} else {
		reached = c.Await(ctx, ladder)
	}
	if blocking, blocked := reached.Blocking(); blocked {
		err := unreachable(blocking)
		if c.Await != nil && ctx.Err() != nil {
			err = WithCode(err, ExitTimeout)
		}
		cancel()
		return nil, err
	}
	config.Brokers = reached.Speaking // a silent one among them could cost the whole timeout
	client, err := kafka.Dial(ctx, config)
	if err != nil {
		cancel()
		return nil, err
	}
	return NewSession(ctx, cancel, client, config), nil
}

// NewSession returns a session over client, which was dialled with config and which it closes in the end; cancel ends
// ctx.
func NewSession(ctx context.Context, cancel context.CancelFunc, client *kafka.Client, config kafka.Config) *Session {
	asking := admin.New(client).WithExaminer(evidence.New(config, client, time.Now))
	return &Session{Client: asking, Groups: groups.New(client), Kafka: client, Config: config, Ctx: ctx, cancel: cancel}
}

// unreachable returns the finding that blocks as an error.
func unreachable(f health.Finding) error {
	return WithHint(&unreachableError{rewordedError{"no broker can be reached: " + f.Evidence, f.Err}}, f.Hint)
}

// unreachableError is a cluster that does not answer a command that does not wait. Its exit code is
// 1 even where the cause is a deadline.
type unreachableError struct{ rewordedError }

// NewLadder returns the readiness ladder of options. They come from flags, so an error is a usage
// error.
func NewLadder(options health.Options) (*health.Ladder, error) {
	ladder, err := health.New(options)
	if err != nil {
		return nil, AsUsage(err)
	}
	return ladder, nil
}
