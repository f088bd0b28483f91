package admin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// MoveCancelled is what became of the reassignments of one topic that were to be cancelled.
type MoveCancelled struct {
	Topic string
	// Partitions are those that were being moved, by id; empty when nothing was.
	Partitions []PartitionCancelled
	// Unthrottled are the settings of a throttle that were taken from the topic.
	Unthrottled []string
	// Notes are about what else should be known, a line each.
	Notes []string
}

// PartitionCancelled is one partition whose reassignment was to be cancelled.
type PartitionCancelled struct {
	Partition int
	// From are the replicas while it was being moved, with those that were added, and To those that it
	// has now, in order.
	From, To []int
	// Ended reports that its reassignment ended by itself before it could be cancelled.
	Ended bool
	// Err is why it was not cancelled.
	Err error
}

// Err returns why not everything was cancelled.
func (m MoveCancelled) Err() error {
	for _, p := range m.Partitions {
		if p.Err != nil {
			return fmt.Errorf("partition %d of %s: %w", p.Partition, m.Topic, p.Err)
		}
	}
	return nil
}

// CancelMove cancels whatever reassignments of a topic run, whoever began them: its replicas are where
// they were before, once it returns. A partition of which no such replica is alive and in sync is not
// cancelled: only the new ones have all of its records. Kafka does not restore the order of the replicas;
// where before has it, by partition, it is restored, and the first one elected. Lists of throttled
// replicas of the topic go; the rates of brokers stay, and a note says how to take them away.
//
// A topic that does not exist is a [*kafka.NotFoundError]. That nothing is being moved is no error.
func (c *Client) CancelMove(ctx context.Context, topic string, before map[int][]int) (MoveCancelled, error) {
	k := &moveCanceller{c: c, topic: topic, adding: make(map[int][]int), result: MoveCancelled{Topic: topic}}
	meta, err := c.topicMetadata(ctx, topic)
	if err != nil {
		return k.result, err
	}
	for _, p := range meta.Topics[0].Partitions {
		k.ids = append(k.ids, p.Partition)
	}
	if err := k.cancel(ctx); err != nil {
		return k.result, err
	}
	if err := k.restore(ctx, before); err != nil {
		return k.result, err
	}
	if err := k.unthrottle(ctx); err != nil {
		return k.result, err
	}
	if err := k.noteRates(ctx, meta); err != nil {
		return k.result, err
	}
	return k.result, k.result.Err()
}

// moveCanceller carries out one call of CancelMove.
type moveCanceller struct {
	c      *Client
	topic  string
	ids    []int32
	adding map[int][]int // by partition
	last   moveLook
	result MoveCancelled
}

func (k *moveCanceller) look(ctx context.Context) error {
	look, err := k.c.movingLook(ctx, map[string][]int32{k.topic: k.ids})
	if err == nil {
		k.last = look
	}
	return err
}

func (k *moveCanceller) name(id int) partitionName { return partitionName{k.topic, id} }

// cancel cancels what runs and can be cancelled, and waits until brokers show it.
func (k *moveCanceller) cancel(ctx context.Context) error {
	if err := k.look(ctx); err != nil {
		return err
	}
	targets := make(map[partitionName][]int)
	for _, id := range k.ids {
		moving, running := k.last.listed[k.topic][int(id)]
		if !running {
			continue
		}
		p := PartitionCancelled{Partition: int(id), From: moving.replicas, To: moving.replicas}
		if p.Err = k.refusal(int(id), moving); p.Err == nil {
			targets[k.name(int(id))] = nil
		}
		k.result.Partitions = append(k.result.Partitions, p)
	}
	if len(targets) == 0 {
		return nil
	}
	answers, err := k.c.alterReassignments(ctx, k.last.controller, targets)
	if err != nil {
		return err
	}
	for i := range k.result.Partitions {
		p := &k.result.Partitions[i]
		answer := answers[k.name(p.Partition)]
		switch {
		case p.Err != nil:
		case errors.Is(answer, kerr.NoReassignmentInProgress):
			p.Ended = true
		default:
			p.Err = answer
		}
	}
	return k.await(ctx, func(p PartitionCancelled, shown shownPartition) bool {
		_, running := k.last.listed[k.topic][p.Partition]
		added := func(id int) bool { return slices.Contains(k.adding[p.Partition], id) }
		return !running && (p.Ended || !slices.ContainsFunc(shown.replicas, added))
	})
}

// refusal returns why the reassignment of a partition must not be cancelled: ZooKeeper mode does not
// look, and leaves it without a leader.
func (k *moveCanceller) refusal(id int, moving reassignment) error {
	k.adding[id] = moving.adding
	shown := k.last.shown(k.name(id))
	var originals []int
	for _, replica := range moving.replicas {
		if slices.Contains(moving.adding, replica) {
			continue
		}
		if slices.Contains(shown.isr, replica) && k.last.answered(replica) {
			return nil
		}
		originals = append(originals, replica)
	}
	return fmt.Errorf("none of the replicas from before (on brokers %s) is alive and in sync: the new ones alone have all records, so it goes on",
		kafka.JoinIDs(originals))
}

// await looks until what was cancelled is as it should be, on every broker that answers.
func (k *moveCanceller) await(ctx context.Context, done func(PartitionCancelled, shownPartition) bool) error {
	for next := (pace{}); ; {
		if !next.pause(ctx) {
			return &OverdueError{&UnsettledError{Broker: "the brokers", Topic: k.topic, What: "do not show the replicas from before yet"}}
		}
		if err := k.look(ctx); kafka.Unauthorized(err) {
			return err
		} else if err == nil && k.everywhere(done) {
			break
		}
	}
	for i := range k.result.Partitions {
		p := &k.result.Partitions[i]
		p.To = k.last.shown(k.name(p.Partition)).replicas
	}
	return nil
}

func (k *moveCanceller) everywhere(done func(PartitionCancelled, shownPartition) bool) bool {
	for _, p := range k.result.Partitions {
		for _, at := range k.last.brokers {
			if p.Err == nil && at.Err == nil && !done(p, at.Value.partitions[k.name(p.Partition)]) {
				return false
			}
		}
	}
	return true
}

// restore gives the replicas the order back that they had, where it is known, and has the first one
// elected where another leads.
func (k *moveCanceller) restore(ctx context.Context, before map[int][]int) error {
	targets := make(map[partitionName][]int)
	var elect []int32
	for _, p := range k.result.Partitions {
		order, known := before[p.Partition]
		switch shown := k.last.shown(k.name(p.Partition)); {
		case p.Err != nil || p.Ended || len(p.To) == 0:
		case known && sameMembers(order, p.To):
			if !slices.Equal(order, p.To) {
				targets[k.name(p.Partition)] = order
			}
			if shown.leader != order[0] {
				elect = append(elect, int32(p.Partition))
			}
		case shown.leader != p.To[0]:
			k.note("partition %d: broker %d is its preferred leader now and broker %d leads; Kafka does not keep the order from before", p.Partition, p.To[0], shown.leader)
		}
	}
	if len(targets) > 0 {
		answers, err := k.c.alterReassignments(ctx, k.last.controller, targets)
		if err != nil {
			return err
		}
		for name := range targets {
			if answers[name] != nil {
				return fmt.Errorf("restore the order of the replicas of partition %d: %w", name.id, answers[name])
			}
		}
		err = k.await(ctx, func(p PartitionCancelled, shown shownPartition) bool {
			order, wanted := targets[k.name(p.Partition)]
			return !wanted || slices.Equal(shown.replicas, order)
		})
		if err != nil {
			return err
		}
	}
	notes := make(map[string][]string)
	var err error
	if len(elect) > 0 {
		notes, err = k.c.electPreferred(ctx, k.last.controller, map[string][]int32{k.topic: elect})
	}
	k.result.Notes = append(k.result.Notes, notes[k.topic]...)
	return err
}

func (k *moveCanceller) note(format string, args ...any) {
	k.result.Notes = append(k.result.Notes, fmt.Sprintf(format, args...))
}

// unthrottle takes the topic's lists of throttled replicas away, but for partitions that are still being
// moved and for a list that is about all replicas, which no move of this program writes.
func (k *moveCanceller) unthrottle(ctx context.Context) error {
	lists, err := k.c.throttledLists(ctx, []string{k.topic})
	if err != nil {
		return err
	}
	own := make(map[string][]string)
	for _, key := range sortedNames(lists[k.topic]) {
		for _, entry := range throttledEntries(lists[k.topic][key]) {
			partition, _, _ := strings.Cut(entry, ":")
			if entry != throttledAll && !k.moves(partition) {
				own[key] = append(own[key], entry)
			}
		}
		switch {
		case own[key] != nil:
			k.result.Unthrottled = append(k.result.Unthrottled, key)
		case slices.Contains(throttledEntries(lists[k.topic][key]), throttledAll):
			k.note("%s stays %s: it is about all replicas of the topic", key, throttledAll)
		}
	}
	if len(own) > 0 {
		err = k.c.subtractThrottled(ctx, map[string]map[string][]string{k.topic: own}, nil)[k.topic]
	}
	return err
}

// noteRates says which rates of brokers are left, once nothing is being moved any more.
func (k *moveCanceller) noteRates(ctx context.Context, meta *kmsg.MetadataResponse) error {
	if len(k.result.Partitions) == 0 && len(k.result.Unthrottled) == 0 {
		return nil
	}
	moving, err := k.c.listReassignments(ctx, k.last.controller, nil)
	if err != nil || len(moving) > 0 {
		return err
	}
	left, err := k.c.ratesLeft(ctx, meta)
	for _, one := range left {
		k.note("%s: %s", one, one.Command())
	}
	return err
}

// moves reports whether the partition with the id goes on being moved.
func (k *moveCanceller) moves(partition string) bool {
	return slices.ContainsFunc(k.result.Partitions, func(p PartitionCancelled) bool {
		return p.Err != nil && fmt.Sprint(p.Partition) == partition
	})
}
