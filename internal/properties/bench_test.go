package properties

import (
	"strings"
	"testing"
)

// What every command with a file pays for it at its start.
func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(strings.NewReader(scramFile), testSource()); err != nil {
			b.Fatal(err)
		}
	}
}
