package kafkatest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
)

// global is what the tests of one process share.
var global processState //nolint:gochecknoglobals // one test process is one scope: clusters that Main ends, ports given out

type processState struct {
	ports    portSet
	clusters sharedClusters
}

// sharedClusters are the clusters that Shared started, by flavour.
type sharedClusters struct {
	mu        sync.Mutex
	byFlavour map[Flavour]*Cluster
	failed    map[Flavour]error
}

// get returns the cluster of a flavour, and makes it with boot at first use. A boot that failed is
// not tried again, so that one broken flavour does not cost each test a minute.
func (s *sharedClusters) get(f Flavour, boot func() (*Cluster, error)) (*Cluster, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.byFlavour[f]; c != nil {
		return c, nil
	}
	if err := s.failed[f]; err != nil {
		return nil, fmt.Errorf("shared %s cluster failed before: %w", f, err)
	}
	c, err := boot()
	if err != nil {
		if s.failed == nil {
			s.failed = map[Flavour]error{}
		}
		s.failed[f] = err
		return nil, err
	}
	if s.byFlavour == nil {
		s.byFlavour = map[Flavour]*Cluster{}
	}
	s.byFlavour[f] = c
	return c, nil
}

func (s *sharedClusters) closeAll() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, f := range slices.Sorted(maps.Keys(s.byFlavour)) {
		errs = append(errs, s.byFlavour[f].Close())
	}
	s.byFlavour = nil
	return errors.Join(errs...)
}

// Shared is the cluster of a flavour that all tests of the process share, ready when it returns.
// The first call starts it and Main ends it. A test on it uses topics and groups that no other test
// names, and neither pauses nor ends its processes: that is for Start. It requires the tier
// [Brokers].
func Shared(tb testing.TB, f Flavour) *Cluster {
	tb.Helper()
	Require(tb, Brokers)
	c, err := global.clusters.get(f, func() (*Cluster, error) { return bootReady(tb.Context(), Options{Flavour: f}) })
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { explainFailure(tb, c) })
	return c
}

// Main runs the tests of a package, ends the clusters that Shared started, and returns the exit
// code.
func Main(m *testing.M) int {
	code := m.Run()
	if err := global.clusters.closeAll(); err != nil {
		//nolint:forbidigo // stands in for a test main, which has no streams to hand down
		fmt.Fprintln(os.Stderr, "kafkatest: end the shared clusters:", err)
		return max(code, 1)
	}
	return code
}
