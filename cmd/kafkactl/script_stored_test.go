package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/kafkatest"
)

// showStored is "stored TOPIC [COUNT]": it writes the topic's records to stdout, one a line,
// as partition@offset, key, value and headers; null is null, all else is quoted. With COUNT it waits until
// there are so many: what --acks 0 has sent may still be on its way.
func showStored(ts *testscript.TestScript, s *stage, args []string) error {
	count := 0
	if len(args) == 2 {
		var err error
		if count, err = strconv.Atoi(args[1]); err != nil {
			return err
		}
		args = args[:1]
	}
	if err := usage(args, 1, "stored TOPIC [COUNT]"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), scriptTimeout)
	defer cancel()
	records, err := kafkatest.Records(ctx, s.kafka.ListenAddrs(), args[0])
	for err == nil && len(records) < count {
		records, err = kafkatest.Records(ctx, s.kafka.ListenAddrs(), args[0])
	}
	if err != nil {
		return err
	}
	for _, r := range records {
		_, _ = io.WriteString(ts.Stdout(), storedLine(r)+"\n")
	}
	return nil
}

// storedLine is one record for a pattern to match.
func storedLine(r *kgo.Record) string {
	line := fmt.Sprintf("%d@%d %s %s", r.Partition, r.Offset, quoteBytes(r.Key), quoteBytes(r.Value))
	for _, h := range r.Headers {
		line += fmt.Sprintf(" %s=%s", h.Key, quoteBytes(h.Value))
	}
	return line
}

func quoteBytes(b []byte) string {
	if b == nil {
		return "null"
	}
	return fmt.Sprintf("%q", b)
}
