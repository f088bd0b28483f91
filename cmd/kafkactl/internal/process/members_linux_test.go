package process

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A process may call itself what it likes.
func TestParseStat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		stat string
		want process
		ok   bool
	}{
		{"42 (sh) S 7 40 3 34816 40", process{id: 42, parent: 7, group: 40}, true},
		{"42 (a) Z 1 (b) R 7 40 3", process{id: 42, parent: 7, group: 40}, true},
		{"42 (sh) Z 7 40 3", process{id: 42, parent: 7, group: 40, zombie: true}, true},
		{"", process{}, false},
		{"42 (sh", process{}, false},
		{"42 (sh) S 7", process{}, false},
	} {
		got, ok := parseStat(tc.stat)
		if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(process{})); diff != "" || ok != tc.ok {
			t.Errorf("parseStat(%q): %v, want %v (-want +got):\n%s", tc.stat, ok, tc.ok, diff)
		}
	}
}

// The answers of /proc are of different moments, and may say that two are each other's parents.
func TestDescendants(t *testing.T) {
	t.Parallel()
	all := []process{{id: 1}, {id: 2, parent: 1}, {id: 3, parent: 2}, {id: 4, parent: 1}, {id: 5, parent: 6}, {id: 6, parent: 5}, {id: 7, parent: 3}}
	if diff := cmp.Diff([]int{3, 7}, slices.Sorted(maps.Keys(descendants(all, 2)))); diff != "" {
		t.Errorf("descendants (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{5, 6}, slices.Sorted(maps.Keys(descendants(all, 5)))); diff != "" {
		t.Errorf("descendants of a ring (-want +got):\n%s", diff)
	}
}
