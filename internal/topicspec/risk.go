package topicspec

import (
	"time"
)

// Risk is what a change does to records, or to those who read and write them, that nobody can undo or that costs
// time: a change that has one is blocked until the user accepts it. The values appear in JSON, and are what --accept
// takes.
type Risk string

const (
	// NoRisk is of a change that plain apply makes.
	NoRisk Risk = ""
	// RiskMove copies records to other brokers, or has fewer replicas of them.
	RiskMove Risk = "move"
	// RiskDelete deletes a topic.
	RiskDelete Risk = "delete"
	// RiskRekey has the records of a key in two partitions of a compacted topic: the old one is never compacted away.
	RiskRekey Risk = "rekey"
	// RiskTrim has the brokers remove records that would have stayed.
	RiskTrim Risk = "trim"
)

// Consent is the risks that the user accepts. The zero value accepts none, which is plain apply.
type Consent struct {
	Move, Rekey, Trim bool
	// Deletes is how many topics may be deleted: just so many must be planned. 0 is none.
	Deletes int
}

// Evidence is what the data of a topic says about a change that has a risk.
type Evidence struct {
	// Records and Bytes are how much is copied, re-keyed, trimmed or deleted; bytes are about. Nil is unknown.
	Records *int64 `json:"records"`
	Bytes   *int64 `json:"bytes"`
	// RecordsEstimated reports that Records follow from bytes: they are about, too.
	RecordsEstimated bool `json:"recordsEstimated"`
	// Oldest and Newest are the times of the first and the last of these records, nil where they are not known.
	Oldest *time.Time `json:"oldest"`
	Newest *time.Time `json:"newest"`
	// Readers are the groups that have not read all of these records, or that lose their offsets.
	Readers []Reader `json:"readers"`
	// InUse says why a topic must not be deleted, in words; empty when nothing speaks against it. What could not be
	// asked counts as use.
	InUse []string `json:"inUse"`
	// Keyed reports whether records of the topic have keys, as far as the newest ones show; nil where that does not
	// matter or is not known. Compacted reports whether the topic keeps the last record of each key, now or after
	// the plan (cleanup.policy has compact); nil likewise. Both are of growth.
	Keyed     *bool `json:"keyed"`
	Compacted *bool `json:"compacted"`
	// EndOffsets are where the logs end, by partition; nil when one of them is not known. See [Moved].
	EndOffsets []int64 `json:"endOffsets"`
	// Unknown says what could not be found out and why, in words.
	Unknown []string `json:"unknown"`
}

// Reader is a consumer group, and how many of the records it has not read; nil is unknown.
type Reader struct {
	Group  string `json:"group"`
	Unread *int64 `json:"unread"`
}
