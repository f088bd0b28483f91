package admin

import (
	"fmt"
	"slices"

	"kafkactl/internal/kafka"
)

// IssueKind is what may be wrong with a partition, a topic or a broker. The values appear in JSON.
type IssueKind string

// The kinds, worst first. Those from AtMinISR on leave a partition usable.
const (
	// Silent is a live broker that did not answer; of a partition, its leader.
	Silent IssueKind = "silent"
	// Differs is a topic that is missing or not as declared, or a broker that knows
	// other brokers than the rest.
	Differs IssueKind = "differs"
	// Leaderless is a partition that no live broker leads.
	Leaderless IssueKind = "leaderless"
	// LogDir is a directory that a broker cannot use, or a broker that does not show its
	// directories; asked only when leaders are missing.
	LogDir IssueKind = "log-dir"
	// UnderMinISR is a partition with fewer replicas in sync than [Partition.Needed]: writes with
	// acks=all are refused.
	UnderMinISR IssueKind = "under-min-isr"
	// AtMinISR is a partition that lacks replicas in sync, and loses the next one only
	// together with its writes.
	AtMinISR IssueKind = "at-min-isr"
	// UnderReplicated is a partition that lacks replicas in sync.
	UnderReplicated IssueKind = "under-replicated"
	// OfflineReplica is a replica whose broker or directory is away.
	OfflineReplica IssueKind = "offline-replica"
	// NotPreferred is a leader that is not the first replica: load lies uneven, and
	// the partition is well.
	NotPreferred IssueKind = "not-preferred-leader"
)

// rank orders kinds, worst first.
func (k IssueKind) rank() int {
	return slices.Index([]IssueKind{
		Silent, Differs, Leaderless, LogDir, UnderMinISR, AtMinISR, UnderReplicated, OfflineReplica, NotPreferred,
	}, k)
}

// partitionKinds are the kinds that a partition can have, in the order in which they are shown.
var partitionKinds = [...]IssueKind{Leaderless, Silent, UnderMinISR, AtMinISR, UnderReplicated, OfflineReplica, NotPreferred} //nolint:gochecknoglobals // constant table, never written

// Issues returns the kinds of what is wrong with a partition, in the order in which they are shown;
// they do not exclude each other.
func (p *Partition) Issues() []IssueKind {
	var kinds []IssueKind
	for _, kind := range partitionKinds {
		if p.Has(kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// Has is the one rule of whether a partition is well: it reports whether an issue of that kind is
// with it.
func (p *Partition) Has(kind IssueKind) bool {
	switch kind {
	case Leaderless:
		return p.Leader < 0
	case Silent:
		return p.Leader >= 0 && p.LeaderErr != nil
	case UnderMinISR:
		return len(p.InSync()) < p.Needed()
	case AtMinISR:
		return p.Missing() > 0 && len(p.InSync()) == p.Needed()
	case UnderReplicated:
		return p.Missing() > 0
	case OfflineReplica:
		return len(p.Offline) > 0
	case NotPreferred:
		return p.Leader >= 0 && !p.Preferred()
	case Differs, LogDir: // of topics and brokers
	}
	return false
}

// Healthy reports whether nothing is wrong but an uneven load.
func (p *Partition) Healthy() bool {
	return !slices.ContainsFunc(partitionKinds[:], func(k IssueKind) bool { return k != NotPreferred && p.Has(k) })
}

// worst returns the worst of the issues that keep clients from reading and writing, or will when
// more replicas are lost; "" for none.
func (p *Partition) worst() IssueKind {
	for _, kind := range p.Issues() {
		if kind.rank() <= UnderReplicated.rank() {
			return kind
		}
	}
	return ""
}

// replicasText describes the leader and the replicas, such as
// "2 of 3 replicas in sync (1, 2), min.insync.replicas 2".
func (p *Partition) replicasText() string {
	if p.Leader < 0 {
		return "no live leader, replicas on " + kafka.JoinIDs(p.Replicas)
	}
	inSync := p.InSync()
	slices.Sort(inSync)
	text := fmt.Sprintf("%d of %d replicas in sync (%s)", len(inSync), p.Required(), kafka.JoinIDs(inSync))
	if p.MinISR > 0 {
		text += fmt.Sprintf(", min.insync.replicas %d", p.MinISR)
	}
	return text
}
