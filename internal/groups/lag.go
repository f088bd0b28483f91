package groups

import (
	"cmp"
	"context"
	"slices"

	"kafkactl/internal/kafka"
	"kafkactl/internal/nearest"
)

// LagQuery says which groups to look at, and what of them.
type LagQuery struct {
	// Groups are names, nil for all.
	Groups []string
	// Topics are names, nil for all. Groups that are not named and have nothing to do with any of
	// these topics are left out.
	Topics []string
	// AllReaders also includes share groups (KIP-932), streams groups (KIP-1071) and, with an error, those of
	// a kind that is not known here; and the groups that may have to do with the topics and do not say so,
	// because their members are being given their partitions.
	AllReaders bool
}

// GroupLag is how far one consumer group has read. [NewGroupLag] makes one.
type GroupLag struct {
	Group
	// Partitions are by topic and number: all of each topic that the group has committed something
	// of, or that a member is assigned something of.
	Partitions []PartitionLag
	// Sum is the lag of all partitions.
	Sum LagSum
	// Topics are the names of the partitions' topics, in order.
	Topics []string
}

// PartitionLag is how far a group has read one partition.
type PartitionLag struct {
	kafka.TopicPartition
	// Committed is the next offset to be read, -1 when the group has committed none.
	Committed int64
	// Metadata is what the consumer committed beside the offset, mostly "".
	Metadata string
	// LogStart and End bound the log; -1 when they are not known.
	LogStart, End int64
	// Lag counts the offsets that are there and not read: from the committed one, or from the log
	// start where nothing was committed or what was is gone. It is 0 where they hold no record, as
	// far as that was looked for: see Markers. It is -1 when it is not known, as of a share group, and
	// never otherwise negative.
	Lag int64
	// Markers counts the offsets up to the end that are not read and hold no record: the markers of
	// transactions. Clients that commit the offset of the last record, plus one, leave them there. It
	// is 0 unless there is nothing else.
	Markers int64
	// Aborted counts the offsets among them whose records are of aborted transactions: a reader of
	// committed records (isolation.level=read_committed) skips them, any other gets them.
	Aborted int64
	// Unlooked is why it was not found out whether a small lag is of markers alone; nil when it was,
	// and where the lag is not small.
	Unlooked error
	// Hidden counts the offsets behind the start of the first open transaction, which a reader of
	// committed records does not get yet; 0 where all is read. Open are these transactions, as far as
	// that could be found out.
	Hidden int64
	Open   []kafka.OpenTransaction
	// Lost counts the offsets that were deleted before they were read. They are no lag: nobody can
	// read them any more.
	Lost int64
	// Past is how far the committed offset is behind the end: the log was made anew, or lost its
	// end. What is written there is not read before it gets so far.
	Past int64
	// Member is the one that the partition is assigned to, nil for none. It points into the Members
	// of the group.
	Member *Member
	// TopicGone says that there is no such partition any more.
	TopicGone bool
	// Err is why End is not known, nil when it is or the topic is gone.
	Err error
}

// NewGroupLag sums up the partitions of a group, which are by topic and number.
func NewGroupLag(g Group, partitions []PartitionLag) GroupLag {
	lag := GroupLag{Group: g, Partitions: partitions, Sum: LagSum{Failed: g.Err != nil}}
	for i := range partitions {
		lag.Sum.Add(&partitions[i])
		if name := partitions[i].Topic; len(lag.Topics) == 0 || lag.Topics[len(lag.Topics)-1] != name {
			lag.Topics = append(lag.Topics, name)
		}
	}
	return lag
}

// Lag returns how far groups have read, by name. What was committed is read before the ends of the
// logs, so that a group that keeps up is never ahead of them. Every live broker is asked; the
// number of requests depends on the brokers alone (before Kafka 3.0 on the groups too).
//
// An error comes with what could be found out: a [*kafka.NotFoundError] when a named group does not
// exist, an [*UnlistedError] when groups that are asked for may be missing.
func (c *Client) Lag(ctx context.Context, q LagQuery) ([]GroupLag, error) {
	seen, err := c.list(ctx)
	if err != nil {
		return nil, err
	}
	var asked []*groupAsked
	for _, on := range seen.brokers {
		asked = append(asked, on.matching(q.Groups, q.AllReaders)...)
	}
	missing := absent(q.Groups, asked)
	c.askCoordinators(ctx, asked, q.Topics)
	if q.Groups == nil {
		asked = slices.DeleteFunc(asked, func(g *groupAsked) bool {
			unrelated := q.Topics != nil && !(q.AllReaders && g.Rebalancing())
			return g.Err == nil && (unrelated || g.State == stateDead) && len(g.topics()) == 0
		})
	}
	logs := c.logs(ctx, seen.brokers, topicsOf(asked))
	c.lookAtUnread(ctx, asked, logs)
	found := make([]GroupLag, len(asked))
	for i, g := range asked {
		found[i] = g.lagAgainst(logs)
	}
	slices.SortFunc(found, func(a, b GroupLag) int { return cmp.Compare(a.Name, b.Name) })
	return found, c.missingError(ctx, seen, q.Groups, missing)
}

// missingError returns the error of what the answer lacks: named groups that are missing, or any
// where not every coordinator could be asked.
func (c *Client) missingError(ctx context.Context, seen listing, named, missing []string) error {
	if len(missing) > 0 {
		if err := c.mayDescribe(ctx, seen.brokers[0].ID, missing); err != nil {
			return err
		}
	}
	switch {
	case len(seen.reasons) > 0 && (named == nil || len(missing) > 0):
		return &UnlistedError{Groups: missing, Reasons: seen.reasons, Cause: seen.cause}
	case len(missing) > 0:
		if moving := c.moving(ctx, seen, missing); len(moving) > 0 {
			return &UnlistedError{Groups: moving, Reasons: []string{"its coordinator is moving"}}
		}
		return &kafka.NotFoundError{Resource: kafka.ResourceGroup, Name: missing[0], Near: nearest.Names(missing[0], seen.names(), 3)}
	default:
		return nil
	}
}

// lagAgainst measures the group's commits against the logs.
func (g *groupAsked) lagAgainst(logs map[string]*topicLog) GroupLag {
	owners := make(map[kafka.TopicPartition]*Member)
	for i := range g.Members {
		for _, p := range g.Members[i].Assigned {
			owners[p] = &g.Members[i]
		}
	}
	var partitions []PartitionLag
	for _, topic := range g.topics() {
		log, commits := logs[topic], g.committed[topic]
		for _, number := range partitionNumbers(log, commits) {
			p := PartitionLag{TopicPartition: kafka.TopicPartition{Topic: topic, Partition: number}, Committed: -1, LogStart: -1, End: -1, Lag: -1}
			if c, ok := commits[number]; ok {
				p.Committed, p.Metadata = c.offset, c.metadata
			}
			p.Member = owners[p.TopicPartition]
			p.measure(log)
			if g.Protocol == ProtocolShare {
				p.Lag = -1
			}
			partitions = append(partitions, p)
		}
	}
	return NewGroupLag(g.Group, partitions)
}

// measure fills in where the partition's log is, and what of it is not read.
func (p *PartitionLag) measure(log *topicLog) {
	if p.TopicGone = log.gone || log.err == nil && int(p.Partition) >= len(log.partitions); p.TopicGone {
		return
	}
	if p.Err = log.err; p.Err != nil {
		return
	}
	at := &log.partitions[p.Partition]
	if p.LogStart, p.End, p.Err = at.start, at.end, at.err; p.Err != nil {
		p.LogStart, p.End = -1, -1
		return
	}
	from := at.next(p.Committed)
	switch {
	case p.Committed < 0:
	case p.Committed < p.LogStart:
		p.Lost = p.LogStart - p.Committed
	case p.Committed > p.End:
		p.Past = p.Committed - p.End
	}
	p.Lag = max(p.End-from, 0)
	if p.Lag > 0 {
		p.addUnread(from, &at.unread)
	}
}

// next returns the offset that a group reads next which committed one, -1 for none.
func (l *partitionLog) next(committed int64) int64 { return min(max(committed, l.start), l.end) }

// addUnread adds what was found out about the offsets from one up to the end.
func (p *PartitionLag) addUnread(from int64, found *unreadPart) {
	if found.hidden > 0 {
		p.Hidden, p.Open = min(found.hidden, p.Lag), found.open
		return
	}
	aborted, empty := found.empty[from]
	switch {
	case empty:
		p.Markers, p.Aborted, p.Lag = p.Lag-aborted, aborted, 0
	case p.Lag <= smallLag:
		p.Unlooked = found.err
	}
}
