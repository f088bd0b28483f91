package record

import (
	"cmp"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Audit sums up what [CheckEnvelope] finds in many records. Its zero value is empty.
type Audit struct {
	Records  int64 // that were checked
	Bad      int64 // of them, those that break at least one rule
	findings []Finding
}

// Finding is one rule that records break: how many do, and the first of them, with the message
// for that one. The first record is the earliest by timestamp, then by topic, partition and
// offset, so that it does not depend on the order in which partitions are read.
type Finding struct {
	Rule      string
	Count     int64
	Topic     string
	Partition int32
	Offset    int64
	Message   string
	timestamp int64
}

// Check checks and counts a record, and returns the rules that it breaks.
func (a *Audit) Check(r *kgo.Record) []Breach {
	breaches := CheckEnvelope(r.Topic, r.Value)
	a.Records++
	if len(breaches) > 0 {
		a.Bad++
	}
	for _, b := range breaches {
		a.add(Finding{b.Rule, 1, r.Topic, r.Partition, r.Offset, b.Message, r.Timestamp.UnixMilli()})
	}
	return breaches
}

func (a *Audit) add(f Finding) {
	i := slices.IndexFunc(a.findings, func(known Finding) bool { return known.Rule == f.Rule })
	if i < 0 {
		a.findings = append(a.findings, f)
		return
	}
	known := &a.findings[i]
	f.Count += known.Count
	if f.before(known) {
		*known = f
	}
	known.Count = f.Count
}

func (f *Finding) before(other *Finding) bool {
	return cmp.Or(
		cmp.Compare(f.timestamp, other.timestamp),
		cmp.Compare(f.Topic, other.Topic),
		cmp.Compare(f.Partition, other.Partition),
		cmp.Compare(f.Offset, other.Offset),
	) < 0
}

// Findings returns the rules that were broken, in the order of their declaration.
func (a *Audit) Findings() []Finding {
	order := []string{RuleJSON, RuleEventID, RuleEventType, RuleTimestamp, RuleVersion, RuleData}
	return slices.SortedFunc(slices.Values(a.findings), func(x, y Finding) int {
		return cmp.Compare(slices.Index(order, x.Rule), slices.Index(order, y.Rule))
	})
}
