package kafka

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// OpenTransaction is a transaction that is neither committed nor aborted in a partition: a reader of
// committed records (isolation.level=read_committed) gets nothing from FirstOffset on until it is.
type OpenTransaction struct {
	// ID is the transactional.id; "" when it is not known.
	ID         string
	ProducerID int64
	// FirstOffset is that of its first record in the partition.
	FirstOffset int64
	// Since is when it began, or when its last record was written where that is not known; zero when
	// neither is.
	Since time.Time
	// Unlisted says that no coordinator lists it though it is older than any transaction may become
	// by default: it hangs (KIP-664), and nobody will end it; or it may not be seen.
	Unlisted bool
}

// String names the transaction, as `transaction "pay-1", open since 2026-11-22T10:00:00Z`.
func (t OpenTransaction) String() string {
	text := fmt.Sprintf("transaction %q", t.ID)
	if t.ID == "" {
		text = fmt.Sprintf("a transaction of producer %d", t.ProducerID)
	}
	if !t.Since.IsZero() {
		text += ", open since " + t.Since.Format(time.RFC3339)
	}
	if t.Unlisted {
		text += ", which no coordinator lists (kafka-transactions find-hanging tells whether it hangs)"
	}
	return text
}

// NameOpen names the first of open transactions and counts the others; "" for none.
func NameOpen(open []OpenTransaction) string {
	if len(open) == 0 {
		return ""
	}
	text := open[0].String()
	if more := len(open) - 1; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// longestTransaction is transaction.max.timeout.ms by default: coordinators abort what is older.
const longestTransaction = 15 * time.Minute

// openStates are the states of a transaction whose markers are not written yet.
func openStates() []string { return []string{"Ongoing", "PrepareCommit", "PrepareAbort"} }

// OpenTransactions returns the transactions that are open in partitions, which are given by leader;
// those of a partition are by their first offsets. It asks each of these leaders for the producers of
// its partitions, each live broker for transactions of these producers, and each that has some since
// when (DescribeProducers, ListTransactions, DescribeTransactions: KIP-664, Kafka 3.0), for
// [AskTimeout] each at most. What is not answered, or not permitted, is missing.
func (c *Client) OpenTransactions(ctx context.Context, led map[int32][]TopicPartition) map[TopicPartition][]OpenTransaction {
	leaders := make([]Broker, 0, len(led))
	for id := range led {
		leaders = append(leaders, Broker{ID: id})
	}
	found := make(map[TopicPartition][]OpenTransaction)
	var producers []int64
	for _, at := range AskEach(ctx, leaders, func(ctx context.Context, id int32) (map[TopicPartition][]OpenTransaction, error) {
		return c.producersWriting(ctx, id, led[id])
	}) {
		for partition, open := range at.Value {
			found[partition] = open
			for _, t := range open {
				producers = append(producers, t.ProducerID)
			}
		}
	}
	if len(producers) == 0 {
		return found
	}
	slices.Sort(producers)
	known, complete := c.transactionsOf(ctx, slices.Compact(producers))
	for _, open := range found {
		for i := range open {
			open[i].identify(known, complete)
		}
	}
	return found
}

// producersWriting returns the transactions that broker id, the leader of the partitions, has open
// there, without their ids.
func (c *Client) producersWriting(ctx context.Context, id int32, partitions []TopicPartition) (map[TopicPartition][]OpenTransaction, error) {
	answers, err := c.Producers(ctx, id, partitions)
	if err != nil {
		return nil, err
	}
	found := make(map[TopicPartition][]OpenTransaction)
	for at, answer := range answers {
		var open []OpenTransaction
		for _, producer := range answer.Active {
			if producer.CurrentTxnStartOffset < 0 {
				continue
			}
			open = append(open, OpenTransaction{
				ProducerID: producer.ProducerID, FirstOffset: producer.CurrentTxnStartOffset, Since: lastWrite(producer),
			})
		}
		slices.SortFunc(open, func(a, b OpenTransaction) int { return cmp.Compare(a.FirstOffset, b.FirstOffset) })
		found[at] = open
	}
	return found, nil
}

// coordinated is a transaction as its coordinator knows it.
type coordinated struct {
	id    string
	since time.Time
}

// transactionsOf returns the open transactions of producers. complete says that every live broker
// answered.
func (c *Client) transactionsOf(ctx context.Context, producers []int64) (known map[int64]coordinated, complete bool) {
	answers, err := AskLive(ctx, c, func(ctx context.Context, id int32) (map[int64]coordinated, error) {
		return c.coordinatedOn(ctx, id, producers)
	})
	known, complete = make(map[int64]coordinated), err == nil
	for _, at := range answers {
		complete = complete && at.Err == nil
		for producer, t := range at.Value {
			known[producer] = t
		}
	}
	return known, complete
}

// coordinatedOn returns those that broker id coordinates.
func (c *Client) coordinatedOn(ctx context.Context, id int32, producers []int64) (map[int64]coordinated, error) {
	list := kmsg.NewPtrListTransactionsRequest()
	list.StateFilters, list.ProducerIDFilters = openStates(), producers
	listed, err := list.RequestWith(ctx, c.On(id))
	if err == nil {
		err = CodeError(kmsg.ListTransactions, "", listed.ErrorCode, nil)
	}
	if err != nil {
		return nil, err
	}
	known := make(map[int64]coordinated)
	describe := kmsg.NewPtrDescribeTransactionsRequest()
	for _, t := range listed.TransactionStates {
		known[t.ProducerID] = coordinated{id: t.TransactionalID}
		describe.TransactionalIDs = append(describe.TransactionalIDs, t.TransactionalID)
	}
	if len(known) == 0 {
		return known, nil
	}
	described, err := describe.RequestWith(ctx, c.On(id))
	if err != nil {
		return known, nil //nolint:nilerr // their names are known, and only since when is not
	}
	for _, t := range described.TransactionStates {
		if at, ok := known[t.ProducerID]; ok && t.ErrorCode == 0 && t.StartTimestamp > 0 {
			at.since = time.UnixMilli(t.StartTimestamp).UTC()
			known[t.ProducerID] = at
		}
	}
	return known, nil
}

// identify adds what the coordinators know. complete says that all of them were asked.
func (t *OpenTransaction) identify(known map[int64]coordinated, complete bool) {
	at, ok := known[t.ProducerID]
	switch {
	case ok:
		t.ID = at.id
		if !at.since.IsZero() {
			t.Since = at.since
		}
	case complete: // a younger one may have ended since its producer was seen
		t.Unlisted = !t.Since.IsZero() && time.Since(t.Since) > longestTransaction
	}
}
