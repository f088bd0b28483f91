package kafka

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// None is not the same as not told, and an operation that is not known here is not dropped. Kafka 4 has one, 15, that
// the library does not know.
func TestOperations(t *testing.T) {
	t.Parallel()
	for bits, want := range map[int32][]string{
		-1 << 31:             nil,
		0:                    {},
		264:                  {"DESCRIBE", "READ"},
		1<<10 | 1<<12 | 1<<8: {"DESCRIBE", "DESCRIBE_CONFIGS", "IDEMPOTENT_WRITE"},
		1<<4 | 1<<15 | 1<<30: {"30", "TWO_PHASE_COMMIT", "WRITE"},
	} {
		if diff := cmp.Diff(want, Operations(bits)); diff != "" {
			t.Errorf("%b, -want +got:\n%s", bits, diff)
		}
	}
}
