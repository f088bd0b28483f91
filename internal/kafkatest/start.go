package kafkatest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// bootTimeout bounds a boot, jars excepted. One takes 2 to 6 s; a machine with every core busy
// takes many times that.
const bootTimeout = 2 * time.Minute

// Start is a cluster of tb's own, ready when it returns and ended with tb. When tb has failed by
// then, the end of each log goes to tb's log, and the directory stays and is named. It requires the
// tier [Brokers].
func Start(tb testing.TB, opts Options) *Cluster {
	tb.Helper()
	Require(tb, Brokers)
	c, err := bootReady(tb.Context(), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		explainFailure(tb, c)
		if err := c.Close(); err != nil {
			tb.Errorf("end the cluster: %v", err)
		}
	})
	return c
}

// Prepare is a cluster of tb's own that is not launched yet, and ends with tb. It requires the tier
// [Brokers].
func Prepare(tb testing.TB, opts Options) *Cluster {
	tb.Helper()
	Require(tb, Brokers)
	c, err := New(opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return c
}

// bootReady boots a cluster; one that does not get ready leaves its directory, which the error
// names.
//
// Clusters boot one after another on the whole machine: each keeps every core busy, and tests that
// run beside two of them, in this package or in another, would measure no more than that.
func bootReady(ctx context.Context, opts Options) (*Cluster, error) {
	c, err := New(opts)
	if err != nil {
		return nil, err
	}
	booted, err := takeTurn("boot")
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	defer booted()
	ctx, cancel := context.WithTimeout(ctx, bootTimeout)
	defer cancel()
	if err := c.Launch(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if err := c.WaitReady(ctx); err != nil {
		c.KeepLogs()
		return nil, errors.Join(fmt.Errorf("%w\nkept for a look: %s", err, c.Dir()), c.Close())
	}
	return c, nil
}

// explainFailure logs the end of each process's log when tb has failed, and keeps the whole.
func explainFailure(tb testing.TB, c *Cluster) {
	tb.Helper()
	if !tb.Failed() {
		return
	}
	c.KeepLogs()
	for _, p := range c.processes() {
		tb.Logf("the end of %s:\n%s", p.logPath, logTail(p.logPath, 0))
	}
	tb.Logf("kept for a look: %s", c.Dir())
}
