package nearest

import (
	"slices"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	fields := []string{"version", "defaults", "services", "topics", "profiles"}
	tests := []struct {
		name, word string
		candidates []string
		n          int
		want       []string
	}{
		{"a letter is missing", "topic", fields, 1, []string{"topics"}},
		{"case does not count", "TOPICS", fields, 1, []string{"topics"}},
		{"two letters are swapped", "toipcs", fields, 1, []string{"topics"}},
		{"nothing is near", "replicas", fields, 1, []string{}},
		{"nearest first, then by name", "order.b", []string{"order.cc", "order.c", "order.a", "order.bb"}, 3, []string{"order.a", "order.bb", "order.c"}},
		{"no candidates", "x", nil, 3, []string{}},
		{"nothing of a short word would be left", "qa", []string{"dev", "it"}, 1, []string{}},
		{"a short word", "de", []string{"dev", "it"}, 1, []string{"dev"}},
		{"empty word", "", []string{"a", "it"}, 1, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Names(tt.word, tt.candidates, tt.n); !slices.Equal(got, tt.want) {
				t.Errorf("Names = %q, want %q", got, tt.want)
			}
		})
	}
}
