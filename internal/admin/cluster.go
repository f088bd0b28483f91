package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
)

// Cluster is the whole cluster at a glance.
type Cluster struct {
	ID         string // "" when it has none
	Controller Controller
	Brokers    []Broker
	// Features are those that are finalized, none in ZooKeeper mode before they are.
	Features []Feature
	// Topics, internal ones included, and what their partitions add up to.
	Topics, Internal, Partitions, Replicas int
	Leaderless, UnderReplicated            int
}

// Cluster describes the cluster.
func (c *Client) Cluster(ctx context.Context) (Cluster, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return Cluster{}, fmt.Errorf("describe the cluster: %w", err)
	}
	var found Cluster
	if meta.ClusterID != nil {
		found.ID = *meta.ClusterID
	}
	for _, t := range c.topicHealths(ctx, meta) {
		found.Topics++
		if t.Internal {
			found.Internal++
		}
		found.Partitions += t.Partitions
		found.Leaderless += t.Leaderless
		found.UnderReplicated += t.UnderReplicated
		for _, p := range t.PartitionList {
			found.Replicas += len(p.Replicas)
		}
	}
	if found.Brokers, found.Controller, err = c.brokersOf(ctx, meta); err != nil {
		return Cluster{}, err
	}
	for _, b := range found.Brokers {
		if b.features != nil {
			found.Features = b.features
		}
	}
	return found, nil
}

// BrokerDetail is all about one broker.
type BrokerDetail struct {
	Broker
	// Leads counts the partitions it leads, Preferred those it should lead, and Lagging
	// its replicas that are not in sync.
	Leads, Preferred, Lagging int
	// Config lists every setting by name; ConfigErr is why they are not known.
	Config    []Setting
	ConfigErr error
}

// DescribeBroker returns all about one live broker; a [*NoBrokerError] when it is none.
func (c *Client) DescribeBroker(ctx context.Context, id int) (BrokerDetail, error) {
	meta, err := c.kafka.Metadata(ctx, c.kafka.Seed(), nil)
	if err != nil {
		return BrokerDetail{}, fmt.Errorf("describe broker %d: %w", id, err)
	}
	if live := kafka.BrokerIDs(meta.Brokers); !slices.Contains(live, int32(id)) {
		return BrokerDetail{}, &NoBrokerError{ID: id, Live: toInts(live)}
	}
	meta.Brokers = slices.DeleteFunc(meta.Brokers, func(b kmsg.MetadataResponseBroker) bool { return b.NodeID != int32(id) })
	brokers, _, err := c.brokersOf(ctx, meta)
	if err != nil {
		return BrokerDetail{}, err
	}
	detail := BrokerDetail{Broker: brokers[0]}
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			detail.count(p)
		}
	}
	if detail.Err == nil {
		detail.Config, detail.ConfigErr = c.brokerConfig(ctx, int32(id))
	}
	return detail, nil
}

// count counts one partition of the cluster.
func (b *BrokerDetail) count(p kmsg.MetadataResponseTopicPartition) {
	id := int32(b.ID)
	if p.Leader == id {
		b.Leads++
	}
	if len(p.Replicas) > 0 && p.Replicas[0] == id {
		b.Preferred++
	}
	if slices.Contains(p.Replicas, id) && !slices.Contains(p.ISR, id) {
		b.Lagging++
	}
}

// brokerConfig lists the settings of a broker, as only it knows them.
func (c *Client) brokerConfig(ctx context.Context, id int32) ([]Setting, error) {
	ctx, cancel := context.WithTimeout(ctx, kafka.AskTimeout)
	defer cancel()
	name := strconv.Itoa(int(id))
	answers, err := describeConfigs(ctx, c.kafka.On(id), kmsg.ConfigResourceTypeBroker, []string{name})
	if err == nil {
		err = answers[name].err
	}
	if err != nil {
		return nil, err
	}
	return answers[name].list(notKafkasOwn), nil
}
