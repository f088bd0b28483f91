package records

import (
	"context"
	"errors"
	"fmt"

	"kafkactl/internal/kafka"
	"kafkactl/internal/record"
)

// isLate reports whether the time of --expect is over.
func isLate(reading context.Context) bool {
	return errors.Is(context.Cause(reading), context.DeadlineExceeded)
}

// lookAgain reads what the partitions hold beyond next, once the time of --expect 0 is over: that no
// record has come is known only of what was read, and a broker that is silent gives none either.
func (c *consumeRun) lookAgain(ctx context.Context, p *recordPrinter, next offsetsRead) error {
	reader, err := record.NewReader(ctx, c.config, record.ReaderOptions{
		Uncommitted: c.options.isolate == "read_uncommitted", Patience: kafka.AskTimeout,
	})
	if err != nil {
		return err
	}
	defer reader.Close()
	if err := c.readRest(ctx, reader, p, next); err != nil {
		return fmt.Errorf("expected no record within %s: not all of the log could be read: %w", c.options.Timeout, err)
	}
	return nil
}

// readRest reads from next to the ends of the partitions there are now.
func (c *consumeRun) readRest(ctx context.Context, reader *record.Reader, p *recordPrinter, next offsetsRead) error {
	looking, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	rest, err := reader.Spans(looking, record.Selection{Topics: c.reads.Topics, Partitions: c.reads.Partitions})
	if err != nil {
		return err
	}
	var unread []record.Span
	for _, s := range rest {
		at, known := next[kafka.TopicPartition{Topic: s.Topic, Partition: s.Partition}]
		switch {
		case known:
			s.Start = max(s.Start, at)
		case len(c.reads.Positions.Named()) > 0:
			continue // it was not selected
		}
		unread = append(unread, s)
	}
	return withoutEnough(reader.Read(looking, unread, func(b record.Batch) error {
		next.advance(b.Topic, b.Partition, b.Next)
		return p.print(looking, b.Records)
	}))
}
