package kafkatest

import (
	"slices"
	"testing"
)

// Test processes that run side by side are given no port of each other, though nobody listens on
// them yet. Each portSet stands for a process.
func TestPortsOfTwoProcesses(t *testing.T) {
	t.Parallel()
	var one, two portSet
	var given []int
	for range 40 {
		for _, set := range []*portSet{&one, &two} {
			ports, err := set.take(7)
			if err != nil {
				t.Fatal(err)
			}
			given = append(given, ports...)
		}
	}
	slices.Sort(given)
	if first, last := given[0], given[len(given)-1]; first < firstPort || last >= firstPort+blocks*blockPorts {
		t.Errorf("ports from %d to %d", first, last)
	}
	if distinct := len(slices.Compact(slices.Clone(given))); distinct != len(given) || len(given) != 2*40*7 {
		t.Errorf("%d ports, %d of them distinct", len(given), distinct)
	}
	for _, set := range []*portSet{&one, &two} {
		for _, claim := range set.claims {
			if err := claim.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
