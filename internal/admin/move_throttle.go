package admin

import (
	"context"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// moveThrottle is the throttle of a move: rates of brokers, and the lists of topics that say which
// replicas they are about. A nil one is none.
type moveThrottle struct {
	c      *Client
	rate   int64 // 0: only what an earlier run has left is taken away
	rates  []*throttleRate
	before map[string]throttledLists // of the topics, when it began
}

// prepareThrottle sets the rates before anything is listed or sent. Where the throttle cannot be set,
// nothing is moved. What an earlier run of the same move has left is taken over.
func (m *mover) prepareThrottle(ctx context.Context, look moveLook) error {
	copying := m.copying(m.partitions)
	adopts := slices.ContainsFunc(copying, func(p *movingPartition) bool { return p.adopted })
	if len(copying) == 0 || m.o.Throttle == 0 && !adopts {
		return nil
	}
	m.throttle = &moveThrottle{c: m.c, rate: m.o.Throttle}
	var err error
	if m.throttle.before, err = m.c.throttledLists(ctx, movedTopics(copying)); err != nil || m.o.Throttle == 0 {
		return err
	}
	return m.limitRates(ctx, look, copying, adopts)
}

// copying returns those of some reassignments whose bytes are copied, or may be.
func (m *mover) copying(part []*movingPartition) []*movingPartition {
	return slices.DeleteFunc(slices.Clone(part), func(p *movingPartition) bool {
		size, known := m.tracker.sizes[p.name()]
		return len(p.copied()) == 0 || known && size == 0 || p.state == moveFailed || p.copiedBefore
	})
}

func movedTopics(partitions []*movingPartition) []string {
	var names []string
	for _, p := range partitions {
		names = append(names, p.topic)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ownEntries returns what a reassignment has in each list: the replicas that are there send, and the
// new ones fetch.
func (p *movingPartition) ownEntries() map[string][]string {
	own := make(map[string][]string)
	for _, id := range p.From {
		own[leaderThrottled] = append(own[leaderThrottled], throttledReplica(p.Partition, id))
	}
	for _, id := range p.copied() {
		own[followerThrottled] = append(own[followerThrottled], throttledReplica(p.Partition, id))
	}
	return own
}

// list adds the replicas of a part to the lists of their topics.
func (m *mover) list(ctx context.Context, part []*movingPartition) error {
	copying := m.copying(part)
	if m.throttle == nil || m.throttle.rate == 0 || len(copying) == 0 {
		return nil
	}
	lists, err := m.c.throttledLists(ctx, movedTopics(copying))
	if err != nil {
		return err
	}
	changes := make(map[string][]settingChange)
	for topic, own := range entriesByTopic(copying) {
		for _, key := range sortedNames(own) {
			if lacking := lackingThrottled(lists[topic][key], own[key]); len(lacking) > 0 {
				changes[topic] = append(changes[topic], settingChange{key, strings.Join(lacking, ","), kmsg.IncrementalAlterConfigOpAppend})
			}
		}
	}
	if len(changes) == 0 {
		return nil
	}
	answers, err := alterConfigs(ctx, m.c.kafka.Any, kmsg.ConfigResourceTypeTopic, changes)
	if err != nil {
		return err
	}
	for _, p := range copying {
		p.listed = answers[p.topic] == nil
		if !p.listed && p.state == movePlanned {
			m.fail(p, kafka.Wrap("throttle it", answers[p.topic]))
		}
	}
	return nil
}

// entriesByTopic returns what reassignments have in the lists of their topics.
func entriesByTopic(partitions []*movingPartition) map[string]map[string][]string {
	byTopic := make(map[string]map[string][]string)
	for _, p := range partitions {
		if byTopic[p.topic] == nil {
			byTopic[p.topic] = make(map[string][]string)
		}
		for key, entries := range p.ownEntries() {
			byTopic[p.topic][key] = append(byTopic[p.topic][key], entries...)
		}
	}
	return byTopic
}

// batches returns the reassignments that go together. All do, unless a list of a topic would be longer
// than Kafka takes.
func (m *mover) batches() [][]*movingPartition {
	if m.throttle == nil || m.throttle.rate == 0 {
		return [][]*movingPartition{m.partitions}
	}
	var parts [][]*movingPartition
	rooms := make(map[string]*listRoom)
	for _, p := range m.partitions {
		room := rooms[p.topic]
		if room == nil {
			room = newListRoom(m.throttle.before[p.topic], 0)
			rooms[p.topic] = room
		}
		if !room.take(p) {
			room = newListRoom(m.throttle.before[p.topic], room.part+1)
			rooms[p.topic] = room
			room.take(p) // where it does not fit at all, the brokers say so
		}
		for len(parts) <= room.part {
			parts = append(parts, nil)
		}
		parts[room.part] = append(parts[room.part], p)
	}
	return parts
}

// listRoom is how long the lists of a topic are in one part of a move.
type listRoom struct {
	part    int
	lengths map[string]int // by key
}

func newListRoom(before throttledLists, part int) *listRoom {
	room := &listRoom{part: part, lengths: make(map[string]int)}
	for key, list := range before {
		room.lengths[key] = len(list)
	}
	return room
}

// take adds the entries of a reassignment, unless one of the lists has no room for them.
func (r *listRoom) take(p *movingPartition) bool {
	own := p.ownEntries()
	for key, entries := range own {
		if r.lengths[key]+len(strings.Join(entries, ","))+1 > longestSetting {
			return false
		}
	}
	for key, entries := range own {
		r.lengths[key] += len(strings.Join(entries, ",")) + 1
	}
	return true
}
