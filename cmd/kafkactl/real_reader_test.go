package main

import (
	"io"
	"testing"

	"kafkactl/internal/kafkatest"
)

// A reader that stops hangs nothing and costs no commit, as real brokers commit.
func TestRealConsumePausedReader(t *testing.T) {
	for _, flavour := range []kafkatest.Flavour{kafkatest.ZK1, kafkatest.Kraft1} {
		t.Run(string(flavour), func(t *testing.T) {
			f := newField(t, kafkatest.Shared(t, flavour))
			topic, addr := f.topic("consume.paused", 1), f.cluster.Bootstrap()
			fillBig(t, f.client, topic)
			readWithAPause(t, f.adm, topic, addr)
			p := newPausedReader(t, "consume", topic, "-b", addr, "--from-beginning", "--expect", "1000000", "--timeout", "2s", "-o", "value")
			p.end(t).want(t, exitCondition)
			rest, err := io.ReadAll(p.out)
			if err != nil || len(rest) == 0 {
				t.Errorf("%d bytes were written before it ended, %v", len(rest), err)
			}
		})
	}
}
