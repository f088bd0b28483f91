package admin

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// moveLook is what the controller and the live brokers answer about the reassignments at about the
// same time.
type moveLook struct {
	controller kmsg.Requestor
	listed     reassignments
	brokers    []kafka.Answer[movingView]
}

// movingView is what one broker shows.
type movingView struct {
	controller int32
	partitions map[partitionName]shownPartition
	// sizes are the bytes that it holds. They are not known where it may not be asked.
	sizes      map[partitionName]int64
	sizesKnown bool
}

type partitionName struct {
	topic string
	id    int
}

func (p *movingPartition) name() partitionName { return partitionName{p.topic, p.Partition} }

// shownPartition is a partition as a broker shows it.
type shownPartition struct {
	known         bool
	replicas, isr []int
	leader        int // -1: none that is alive
}

// look looks at the reassignments that have not ended.
func (m *mover) look(ctx context.Context) (moveLook, error) {
	open := m.open()
	look, err := m.c.movingLook(ctx, open)
	if err != nil {
		return look, err
	}
	m.controller = look.controller
	for _, p := range m.partitions {
		if _, asked := open[p.topic]; asked {
			p.seen = look.shown(p.name())
		}
	}
	return look, nil
}

// movingLook asks each live broker for what it shows and holds of partitions, by topic, and the
// controller for what is being reassigned of them. A broker that does not answer in time does not count
// as one that does. The error is that nobody knows what runs, or who is alive; the look has the brokers'
// answers then, where there are some.
func (c *Client) movingLook(ctx context.Context, open map[string][]int32) (look moveLook, err error) {
	err = whileElected(ctx, func() error {
		look, err = c.tryMovingLook(ctx, open)
		return err
	})
	return look, err
}

// whileElected asks again while the broker that is asked is no controller any more, for as long as a broker may take for
// an answer: in ZooKeeper mode one that was away names itself, and answers for itself, until it has its session again.
// kgo sees to that for a request to any controller, and not for one to a broker. ask looks who the controller is.
func whileElected(ctx context.Context, ask func() error) error {
	began := time.Now()
	for next := (pace{}); ; {
		err := ask()
		if !errors.Is(err, kerr.NotController) || time.Since(began) > kafka.AnswerTimeout || !next.pause(ctx) {
			return err
		}
	}
}

func (c *Client) tryMovingLook(ctx context.Context, open map[string][]int32) (moveLook, error) {
	asking, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	meta, err := c.kafka.AnyMetadata(asking, []string{})
	if err != nil {
		return moveLook{}, &kafka.UnansweredError{What: err.Error(), Cause: err}
	}
	brokers := kafka.AskEach(ctx, kafka.LiveBrokers(meta), func(ctx context.Context, id int32) (movingView, error) {
		return c.movingView(ctx, id, open)
	})
	look := moveLook{brokers: brokers}
	if look.controller, err = c.controllerOf(brokers); err != nil {
		return look, err
	}
	asking, cancel = context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	look.listed, err = c.listReassignments(asking, look.controller, open)
	return look, err
}

// movingView asks one broker.
func (c *Client) movingView(ctx context.Context, id int32, open map[string][]int32) (movingView, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.On(id), sortedNames(open))
	if err != nil {
		return movingView{}, err
	}
	v := movingView{controller: meta.ControllerID, partitions: make(map[partitionName]shownPartition), sizes: make(map[partitionName]int64)}
	for _, t := range meta.Topics {
		if err := kafka.CodeError(kmsg.Metadata, *t.Topic, t.ErrorCode, nil); kafka.Unauthorized(err) {
			return movingView{}, err
		}
		for _, p := range partitionsOf(meta, t) {
			v.partitions[partitionName{*t.Topic, p.ID}] = shownPartition{true, p.Replicas, p.ISR, p.Leader}
		}
	}
	topics := make([]kmsg.DescribeLogDirsRequestTopic, 0, len(open))
	for _, name := range sortedNames(open) {
		topic := kmsg.NewDescribeLogDirsRequestTopic()
		topic.Topic, topic.Partitions = name, open[name]
		topics = append(topics, topic)
	}
	dirs, err := c.kafka.LogDirs(ctx, id, topics)
	switch {
	case kafka.Unauthorized(err):
		return v, nil
	case err != nil:
		return movingView{}, err
	}
	v.sizesKnown = true
	for _, d := range dirs {
		for _, t := range d.Topics {
			for _, p := range t.Partitions {
				if !p.IsFuture {
					v.sizes[partitionName{t.Topic, int(p.Partition)}] = p.Size
				}
			}
		}
	}
	return v, nil
}

// controllerOf returns the controller that brokers name which answered: in KRaft mode they name any
// that is alive, which passes requests on. kgo would go on asking the one it knows while that is frozen.
func (c *Client) controllerOf(brokers []kafka.Answer[movingView]) (kmsg.Requestor, error) {
	answered := func(id int32) bool {
		return slices.ContainsFunc(brokers, func(at kafka.Answer[movingView]) bool { return at.ID == id && at.Err == nil })
	}
	err := error(&kafka.UnansweredError{What: "no broker names a controller that answers"})
	for _, at := range brokers {
		switch {
		case kafka.Unauthorized(at.Err):
			return nil, at.Err
		case at.Err == nil && answered(at.Value.controller):
			return c.kafka.On(at.Value.controller), nil
		case at.Err != nil && !answered(at.ID):
			err = &UnsettledError{Broker: at.Name, What: strings.TrimLeft(strings.TrimPrefix(at.Reason(), at.Name), ": "), Cause: at.Err}
		}
	}
	return nil, err
}

// answered reports whether a broker did.
func (l moveLook) answered(id int) bool {
	at, found := l.broker(id)
	return found && at.Err == nil
}

// broker returns one that is listed as alive.
func (l moveLook) broker(id int) (kafka.Answer[movingView], bool) {
	i := slices.IndexFunc(l.brokers, func(at kafka.Answer[movingView]) bool { return int(at.ID) == id })
	if i < 0 {
		return kafka.Answer[movingView]{}, false
	}
	return l.brokers[i], true
}

// moving returns the reassignment of a partition that runs.
func (l moveLook) moving(p *movingPartition) (reassignment, bool) {
	moving, found := l.listed[p.topic][p.Partition]
	return moving, found
}

// shown returns a partition as the first broker shows it that knows it.
func (l moveLook) shown(name partitionName) shownPartition {
	for _, at := range l.brokers {
		if shown := at.Value.partitions[name]; at.Err == nil && shown.known {
			return shown
		}
	}
	return shownPartition{leader: -1}
}

// done reports whether a reassignment is at its end: the controller does not list it, and every live
// broker shows just its replicas, all in sync and one of them leading. The controller's list is empty
// a moment before brokers show it, and Kafka 4.3 ends it while an old replica is out of sync.
func (l moveLook) done(p *movingPartition) bool {
	if _, running := l.moving(p); running {
		return false
	}
	for _, at := range l.brokers {
		shown := at.Value.partitions[p.name()]
		if at.Err != nil || !slices.Equal(shown.replicas, p.To) || !sameMembers(shown.isr, p.To) || shown.leader < 0 {
			return false
		}
	}
	return true
}

// gone reports whether every broker that answered knows nothing of a partition.
func (l moveLook) gone(p *movingPartition) bool {
	for _, at := range l.brokers {
		if at.Err == nil && at.Value.partitions[p.name()].known {
			return false
		}
	}
	return true
}

// size returns the bytes of a replica, false where they are not known. A broker that has none yet
// has no byte of it.
func (l moveLook) size(p *movingPartition, broker int) (int64, bool) {
	at, found := l.broker(broker)
	if !found || at.Err != nil || !at.Value.sizesKnown {
		return 0, false
	}
	return at.Value.sizes[p.name()], true
}
