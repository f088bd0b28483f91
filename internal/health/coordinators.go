package health

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// stateTopic is a topic that Kafka makes for itself when the first client needs it, with as many
// replicas as a setting says. It cannot be made while there are fewer brokers: Kafka then answers
// COORDINATOR_NOT_AVAILABLE for ever, and clients wait in silence.
type stateTopic struct {
	name    string
	setting string
	env     string // the setting as the images' environment variable
	who     string // what cannot work without it
	needed  bool   // every consumer group needs it; false: only transactions do
}

func stateTopics() []stateTopic {
	return []stateTopic{
		{"__consumer_offsets", "offsets.topic.replication.factor", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "consumer groups", true},
		{"__transaction_state", "transaction.state.log.replication.factor", "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "transactions", false},
	}
}

// coordinators is K8: every broker hands out a producer id, and the topics of the group and
// transaction coordinators exist or can be made. It does not look for a coordinator: that would
// make those topics.
func coordinators(ctx context.Context, c *climb) answer {
	live := liveBrokers(c.brokerViews())
	var state, ids []answer
	var both sync.WaitGroup
	both.Go(func() { state = c.feasible(ctx, live) })
	both.Go(func() { ids = askAll(live, func(b broker) answer { return c.ladder.producerID(ctx, b) }) })
	both.Wait()
	return combine(append(state, ids...), len(state)+len(ids))
}

// liveBrokers returns each broker once, at the first of its advertised addresses.
func liveBrokers(views []brokerView) []broker {
	var live []broker
	for _, h := range advertised(views) {
		if !slices.ContainsFunc(live, func(b broker) bool { return b.id == h.id }) {
			live = append(live, h.broker)
		}
	}
	return live
}

// feasible returns one answer for each state topic.
func (c *climb) feasible(ctx context.Context, live []broker) []answer {
	l := c.ladder
	there, err := l.stateTopicsThere(ctx, live[0])
	if err != nil {
		return []answer{l.requestFault(live[0].addr, err)}
	}
	var settings []map[string]int
	room := len(live)
	if len(there) < len(stateTopics()) { // otherwise all exist, and the settings do not matter
		settings = askAll(live, func(b broker) map[string]int { return l.replicationFactors(ctx, b) })
		tight := func(factors map[string]int) bool {
			return slices.ContainsFunc(stateTopics(), func(t stateTopic) bool { return factors[t.setting] > room })
		}
		if slices.ContainsFunc(settings, tight) {
			// A KRaft controller places replicas on fenced brokers too when there are not enough
			// others.
			room += len(c.fenced(ctx, c.brokerViews()))
		}
	}
	var answers []answer
	for _, topic := range stateTopics() {
		leaderless, exists := there[topic.name]
		if exists {
			answers = append(answers, topic.led(leaderless))
		} else {
			answers = append(answers, topic.fits(live, settings, room))
		}
	}
	return answers
}

// led judges a topic that exists, by how many of its partitions have no leader.
func (t stateTopic) led(leaderless int) answer {
	switch leaderless {
	case hiddenTopic:
		return answer{verdict: Pass, evidence: t.who + " not proven: this user may not see " + t.name}
	case 0:
		return answer{verdict: Pass, evidence: t.name + " is led"}
	}
	a := unmet(fmt.Sprintf("%s has %s without a leader: %s that live there hang", t.name, plural(leaderless, "partition"), t.who), kerr.CoordinatorNotAvailable)
	a.hint = advise("start-replicas")
	if !t.needed {
		a.verdict = Warn
	}
	return a
}

// fits judges a topic that does not exist, by the settings with which each live broker would make
// it; room is how many replicas the brokers have room for.
func (t stateTopic) fits(live []broker, settings []map[string]int, room int) answer {
	known := false
	for i, b := range live {
		factor, told := settings[i][t.setting]
		known = known || told
		if factor <= room {
			continue
		}
		a := unmet(fmt.Sprintf("%s cannot work: broker %d has %s=%d, and %s", t.who, b.id, t.setting, factor, isThere(room)), kerr.CoordinatorNotAvailable)
		a.hint = advise("state-topic-factor", t.env, strconv.Itoa(room))
		if !t.needed {
			a.verdict = Warn
		}
		return a
	}
	if !known {
		return answer{verdict: Pass, evidence: t.who + " not proven: no broker tells " + t.setting}
	}
	return answer{verdict: Pass, evidence: t.name + " can be made"}
}

// hiddenTopic is the count of leaderless partitions of a topic that the user may not see.
const hiddenTopic = -1

// stateTopicsThere returns the state topics that exist, with the number of partitions without a
// leader. It creates none.
func (l *Ladder) stateTopicsThere(ctx context.Context, b broker) (map[string]int, error) {
	var names []string
	for _, t := range stateTopics() {
		names = append(names, t.name)
	}
	resp, err := request[*kmsg.MetadataResponse](ctx, l.clients, b.addr, kafka.MetadataRequest(names))
	if err != nil {
		return nil, err
	}
	there := make(map[string]int)
	for _, t := range resp.Topics {
		switch err := kerr.ErrorForCode(t.ErrorCode); {
		case t.Topic == nil:
		case errors.Is(err, kerr.TopicAuthorizationFailed):
			there[*t.Topic] = hiddenTopic
		case len(t.Partitions) > 0:
			leaderless := slices.DeleteFunc(slices.Clone(t.Partitions), func(p kmsg.MetadataResponseTopicPartition) bool { return p.Leader >= 0 })
			there[*t.Topic] = len(leaderless)
		}
	}
	return there, nil
}

// replicationFactors returns with how many replicas a broker would make the state topics, by
// setting. It is empty where the broker does not say.
func (l *Ladder) replicationFactors(ctx context.Context, b broker) map[string]int {
	var settings []string
	for _, t := range stateTopics() {
		settings = append(settings, t.setting)
	}
	req := kafka.ConfigsRequest(kmsg.ConfigResourceTypeBroker, []string{strconv.Itoa(int(b.id))}, settings...)
	factors := make(map[string]int)
	resp, err := request[*kmsg.DescribeConfigsResponse](ctx, l.clients, b.addr, req)
	if err != nil {
		return factors
	}
	for _, r := range resp.Resources {
		for _, setting := range r.Configs {
			if setting.Value == nil {
				continue
			}
			if factor, err := strconv.Atoi(*setting.Value); err == nil {
				factors[setting.Name] = factor
			}
		}
	}
	return factors
}

func isThere(brokers int) string {
	if brokers == 1 {
		return plural(brokers, "broker") + " is there"
	}
	return plural(brokers, "broker") + " are there"
}
