package records

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

// sendingError returns err, which ended the sending, with what a producer does not learn by itself:
// that the brokers cannot be reached any more, or that the topic is gone.
func (o *produceOptions) sendingError(ctx context.Context, err error) error {
	if !errors.As(err, new(*record.StalledError)) || ctx.Err() != nil {
		return cli.WithHint(err, o.hint(err))
	}
	once := o.Connection.Once(min(o.Timeout, time.Second))
	s, unreached := o.app.Connect(ctx, &once)
	if unreached != nil {
		return cli.WithHint(cli.WithCode(fmt.Errorf("%w: %w", err, unreached), cli.ExitFailed), cli.HintOf(unreached))
	}
	defer s.Close()
	var missing *kafka.NotFoundError
	if _, asked := s.Topic(s.Ctx, o.topic); errors.As(asked, &missing) {
		return fmt.Errorf("%w: %w", err, missing)
	}
	return cli.WithHint(err, o.hint(err))
}

// hint returns the next step after a record was not sent.
func (o *produceOptions) hint(err error) string {
	var wild *record.TimestampError
	switch {
	case errors.As(err, new(*record.TooLargeError)):
		more := "kafkactl alter " + o.topic + " --config max.message.bytes=BYTES lets the topic take more"
		if o.compression == "none" {
			more = "--compression zstd makes batches smaller; " + more
		}
		return more
	case errors.As(err, &wild):
		setting, _, _ := strings.Cut(wild.Setting, "=")
		return "correct the timestamps, or kafkactl alter " + o.topic + " --config " + setting + "=DURATION lets the topic take more"
	case errors.As(err, new(*record.StalledError)):
		return "kafkactl describe " + o.topic + " shows partitions without a leader or with too few replicas in sync"
	default:
		return cli.HintOf(err)
	}
}
