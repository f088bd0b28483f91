package clitest

import (
	"context"
	"testing"
	"time"

	"kafkactl/internal/kafkatest"
)

// WaitDropped returns when the live brokers no longer list the ones that are gone.
func WaitDropped(t *testing.T, c *kafkatest.Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := c.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}
