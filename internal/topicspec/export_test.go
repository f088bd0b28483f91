package topicspec

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExport(t *testing.T) {
	t.Parallel()
	observed := map[string]Observed{
		"order.created": {Replicas: []int{3, 3, 3}, Config: map[string]ObservedSetting{
			"retention.ms": override("604800000"), "min.insync.replicas": override("2"), "segment.bytes": inherited("1073741824"),
		}},
		"order.paid": {Replicas: []int{3, 3, 3}, Config: map[string]ObservedSetting{
			"retention.ms": override("-1"), "min.insync.replicas": override("2"), "cleanup.policy": override("compact,delete"),
			"leader.replication.throttled.replicas": override("*"),
		}},
		"null": {Replicas: []int{3}, Config: map[string]ObservedSetting{
			"min.insync.replicas": override("2"), "confluent.key.schema.validation": override("true"), "min.cleanable.dirty.ratio": override("0.5"),
		}},
	}
	want := `version: 1
defaults:
  partitions: 3
  replicationFactor: 3
  config:
    min.insync.replicas: 2
topics:
  "null":
    partitions: 1
    config:
      confluent.key.schema.validation: true
      min.cleanable.dirty.ratio: 0.5
  order.created:
    config:
      retention.ms: 7d
  order.paid:
    config:
      cleanup.policy: compact,delete
      retention.ms: -1
`
	if diff := cmp.Diff(want, exportOf(t, observed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What no file can say is left alone, with a comment, and the rest is still in sync.
func TestExportLeavesAlone(t *testing.T) {
	t.Parallel()
	observed := map[string]Observed{
		"mixed":  {Replicas: []int{1, 3}},
		"strict": {Replicas: []int{1}, Config: map[string]ObservedSetting{"min.insync.replicas": override("2"), "no.such.setting": override("x")}},
	}
	want := `version: 1
defaults:
  partitions: 1
topics:
  # replicationFactor is left alone: its partitions have between 1 and 3 replicas
  mixed:
    partitions: 2
  # no.such.setting is left alone: a topics file does not take "x"
  # min.insync.replicas is left alone: min.insync.replicas 2 is more than replicationFactor 1: it protects nothing more, and stops writes with acks=all while replicas are added
  strict:
    replicationFactor: 1
`
	if diff := cmp.Diff(want, exportOf(t, observed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The law of an export: a plan from it is in sync, and an export of what it declares is the same file.
func TestExportRoundTrip(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		observed := randomObserved(rand.New(rand.NewPCG(seed, 1)))
		file := exportOf(t, observed)
		spec, err := Parse(bytes.NewBufferString(file), Source{File: "export"})
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, file)
		}
		desired, err := spec.Desired("")
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if plan := Diff(desired, observed); !plan.InSync() || len(desired) != len(observed) {
			t.Errorf("seed %d: %d topics of %d, %+v\n%s", seed, len(desired), len(observed), plan.Changes, file)
		}
	}
}

func exportOf(t *testing.T, observed map[string]Observed) string {
	t.Helper()
	file, err := Export(observed, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

// randomObserved is a cluster of a few topics with settings of all kinds.
func randomObserved(r *rand.Rand) map[string]Observed {
	values := map[string][]string{
		"retention.ms": {"604800000", "-1", "1", "86400001", "9223372036854775807"}, "segment.bytes": {"1073741824", "14", "1048577"},
		"cleanup.policy": {"compact", "delete", "compact,delete", "delete,compact"}, "min.insync.replicas": {"1", "2", "3"},
		"min.cleanable.dirty.ratio": {"0.5", "0.0", "1.0", "1.0E-4"}, "compression.type": {"producer", "zstd", "uncompressed"},
		"unclean.leader.election.enable": {"true", "false"}, "min.compaction.lag.ms": {"0", "86400000"}, "max.compaction.lag.ms": {"3600000", "86400000"},
		"redpanda.remote.read": {"true", "~", "$HOME", "${HOME}", "", "null", "a: b"}, "follower.replication.throttled.replicas": {"*"},
	}
	observed := make(map[string]Observed)
	for i := range 1 + r.IntN(6) {
		o := Observed{Config: map[string]ObservedSetting{}}
		factor := 1 + r.IntN(3)
		for range 1 + r.IntN(4) {
			o.Replicas = append(o.Replicas, factor)
		}
		if r.IntN(8) == 0 {
			o.Replicas = append(o.Replicas, 1+factor)
		}
		for key, of := range values {
			if r.IntN(3) == 0 {
				o.Config[key] = ObservedSetting{of[r.IntN(len(of))], r.IntN(4) > 0}
			}
		}
		observed[fmt.Sprintf("t.%d", i)] = o
	}
	observed["1e3"] = Observed{Replicas: []int{1}, Config: map[string]ObservedSetting{}}
	return observed
}
