package topicspec

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// The values an invalid file shows refused are in testdata/invalid/settings-values.yaml.
func TestCanonical(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, value, want string }{
		{"retention.ms", "7d", "604800000"},
		{"retention.ms", " 12 h ", "43200000"},
		{"retention.ms", "0s", "0"},
		{"retention.ms", "-1", "-1"},
		{"retention.ms", "+5", "5"},
		{"retention.ms", "9223372036854775807", "9223372036854775807"},
		{"retention.bytes", "8388607TiB", "9223370937343148032"},
		{"segment.bytes", "1GiB", "1073741824"},
		{"segment.bytes", "2147483647", "2147483647"},
		{"min.insync.replicas", "2", "2"},
		{"preallocate", " True", "true"},
		{"min.cleanable.dirty.ratio", "1", "1.0"},
		{"min.cleanable.dirty.ratio", ".50", "0.5"},
		{"min.cleanable.dirty.ratio", "0.25f", "0.25"},
		{"min.cleanable.dirty.ratio", "0x1p-2", "0.25"},
		{"min.cleanable.dirty.ratio", "-NaN", "NaN"},
		{"min.cleanable.dirty.ratio", "-Infinity", "-Infinity"},
		{"retention.bytes", "-9223372036854775808", "-9223372036854775808"},
		{"cleanup.policy", " compact , delete ", "compact,delete"},
		{"compression.type", " zstd ", "zstd"},
		{"wibble", "7d", "7d"},
	}
	for _, tt := range tests {
		t.Run(tt.key+"="+tt.value, func(t *testing.T) {
			t.Parallel()
			got, err := canonical(tt.key, tt.value)
			if got != tt.want || err != nil {
				t.Errorf("canonical = %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// Forms that Go or YAML reads as numbers and Kafka does not, and numbers past the type.
func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ key, value string }{
		{"min.cleanable.dirty.ratio", "nan"},
		{"min.cleanable.dirty.ratio", "inf"},
		{"min.cleanable.dirty.ratio", "1_0"},
		{"retention.bytes", "-9223372036854775809"},
		{"retention.ms", "d"},
		{"retention.ms", "7 d d"},
		{"retention.ms", "0x10"},
		{"retention.ms", "1_000"},
		{"retention.ms", "9223372036854775808"},
		{"segment.bytes", "2147483648"},
		{"retention.bytes", "1mib"},
	} {
		if got, err := canonical(tt.key, tt.value); err == nil {
			t.Errorf("canonical(%q, %q) = %q, want an error", tt.key, tt.value, got)
		}
	}
}

func TestHumanize(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, value, want string }{
		{"retention.ms", "604800000", "7d"},
		{"retention.ms", "86400000", "1d"},
		{"retention.ms", "691200000", "8d"},
		{"retention.ms", "90000", "90s"},
		{"retention.ms", "1", "1ms"},
		{"retention.ms", "0", "0"},
		{"retention.ms", "-1", "-1"},
		{"segment.bytes", "1073741824", "1GiB"},
		{"segment.bytes", "1000", "1000"},
		{"min.insync.replicas", "2", "2"},
		{"cleanup.policy", "compact", "compact"},
		{"partitions", "60000", "60000"},
	}
	for _, tt := range tests {
		t.Run(tt.key+"="+tt.value, func(t *testing.T) {
			t.Parallel()
			if got := Humanize(tt.key, tt.value); got != tt.want {
				t.Errorf("Humanize = %q, want %q", got, tt.want)
			}
		})
	}
}

// What Humanize shows can be copied into the file and means the same.
func TestHumanizeRoundTrip(t *testing.T) {
	t.Parallel()
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	for _, key := range []string{"retention.ms", "retention.bytes", "flush.messages"} {
		for range 2000 {
			number := random.Int64N(math.MaxInt16)
			if units := unitsOf(key); units != nil {
				number *= units[random.IntN(len(units))].factor
			}
			value := strconv.FormatInt(number, 10)
			if got, err := canonical(key, Humanize(key, value)); got != value || err != nil {
				t.Fatalf("seed %d: %s=%s is shown as %s, which is read as %q, %v", seed, key, value, Humanize(key, value), got, err)
			}
		}
	}
}

func TestSameValue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, key, a, b string
		want            bool
	}{
		{"text", "compression.type", "zstd", "zstd", true},
		{"other text", "compression.type", "zstd", "Zstd", false},
		{"units", "retention.ms", "7d", "604800000", true},
		{"other number", "retention.ms", "7d", "604800001", false},
		{"double as Java writes it", "min.cleanable.dirty.ratio", "0.0000001", "1.0E-7", true},
		{"boolean", "preallocate", "TRUE", "true", true},
		{"list in another order", "cleanup.policy", "delete,compact", "compact, delete", true},
		{"list with a repeat", "cleanup.policy", "delete,delete", "delete", true},
		{"part of a list", "cleanup.policy", "delete,compact", "delete", false},
		{"empty list", "cleanup.policy", "", " , ", true},
		{"neither is valid, but equal", "retention.ms", "x", "x", true},
		{"one is not valid", "retention.ms", "x", "0", false},
		{"unknown key", "wibble", "1", "1", true},
		{"unknown key, other value", "wibble", "1", "1.0", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if SameValue(tt.key, tt.a, tt.b) != tt.want || SameValue(tt.key, tt.b, tt.a) != tt.want {
				t.Errorf("SameValue(%q, %q, %q) is not %v both ways", tt.key, tt.a, tt.b, tt.want)
			}
		})
	}
}
