package embedded_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/embedded"
)

// probes ask for what each upstream defect gets wrong, by its name; they return what is wrong.
func probes() map[string]func(*client) string {
	return map[string]func(*client) string{
		"CreateTopics answers no configs":                              probeCreatedConfigs,
		"CreateTopics answers configs of an unknown source":            probeCreatedSources,
		"CreateTopics answers no configs that have their default":      probeCreatedDefaults,
		"ListGroups answers no protocol type of the consumer protocol": probeGroupProtocol,
		"DescribeTopicPartitions answers no eligible leader replicas":  probeEligibleLeaders,
		"ListGroups filters by types and states as they are spelt":     probeGroupFilters,
		"DescribeConfigs describes a third of a topic's settings":      probeDescribed,
		"OffsetFetch refuses a group that is not there":                probeAbsentGroup,
		"ApiVersions has telemetry (KIP-714) that nothing reads":       probeTelemetry,
		"DescribeClientQuotas answers no entries":                      probeQuotaEntries,
		"InitProducerID refuses producer 0 with epoch 0":               probeNewProducer,
		"AddPartitionsToTxn ignores the transactions of v4 and later":  probeVersions,
		"AddPartitionsToTxn fences with an error newer than v0 and v1": probeFencedPartitions,
		"AddOffsetsToTxn fences with an error newer than v0 and v1":    probeFencedOffsets,
		"EndTxn fences with an error newer than v0 and v1":             probeFencedEnd,
		"InitProducerID fences with an error newer than v3":            probeFencedProducer,
		"ApiVersions has no SaslHandshake v0":                          probeHandshakeVersions,
		"SaslHandshake begins a login where there is none":             probeHandshake,
		"SaslAuthenticate refuses without words":                       probeAuthenticate,
		"DescribeACLs answers as with an authorizer":                   probeDescribeACLs,
		"CreateACLs answers as with an authorizer":                     probeCreateACLs,
		"DeleteACLs answers as with an authorizer":                     probeDeleteACLs,
	}
}

// Each mend covers a fault that kfake still has, and covers it.
func TestUpstreamDefects(t *testing.T) {
	t.Parallel()
	probes := probes()
	for _, name := range embedded.UpstreamDefects() {
		probe := probes[name]
		delete(probes, name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if probe == nil {
				t.Fatal("the defect has no probe here")
			}
			if wrong := probe(dial(t, startPlain(t))); wrong == "" {
				t.Error("kfake does it right: no longer needed: remove this entry")
			}
			if wrong := probe(dial(t, start(t, embedded.Config{Brokers: 1}).Addrs()[0])); wrong != "" {
				t.Error(wrong)
			}
		})
	}
	for name := range probes {
		t.Errorf("probe of no defect: %s", name)
	}
}

func createTopic(c *client, version int16, configs ...string) kmsg.CreateTopicsResponseTopic {
	c.t.Helper()
	req := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = fmt.Sprintf("t%d", version), 1, 1
	for _, name := range configs {
		config := kmsg.NewCreateTopicsRequestTopicConfig()
		config.Name, config.Value = name, kmsg.StringPtr("1000")
		topic.Configs = append(topic.Configs, config)
	}
	req.Topics = append(req.Topics, topic)
	resp := mustAsk[*kmsg.CreateTopicsResponse](c, version, req)
	if err := kerr.ErrorForCode(resp.Topics[0].ErrorCode); err != nil {
		c.t.Fatal(err)
	}
	return resp.Topics[0]
}

func probeCreatedConfigs(c *client) string {
	for version := int16(5); version <= 7; version++ {
		if createTopic(c, version).Configs == nil {
			return fmt.Sprintf("v%d: configs are null", version)
		}
	}
	return ""
}

func probeCreatedSources(c *client) string {
	set := []string{"segment.ms", "retention.ms", "flush.ms"}
	for version := int16(5); version <= 7; version++ {
		for _, config := range createTopic(c, version, set...).Configs {
			set := slices.Contains(set, config.Name)
			if config.Source < 0 || set != (config.Source == int8(kmsg.ConfigSourceDynamicTopicConfig)) {
				return fmt.Sprintf("v%d: %s: source %d", version, config.Name, config.Source)
			}
		}
	}
	return ""
}

func probeEligibleLeaders(c *client) string {
	createTopic(c, 7)
	resp := mustAsk[*kmsg.DescribeTopicPartitionsResponse](c, 0, kmsg.NewPtrDescribeTopicPartitionsRequest())
	p := resp.Topics[0].Partitions[0]
	if p.EligibleLeaderReplicas == nil || p.LastKnownELR == nil {
		return "replicas are null"
	}
	return ""
}

// probeGroupFilters lists a classic group that is empty.
func probeGroupFilters(c *client) string {
	createTopic(c, 7)
	commit := kmsg.NewPtrOffsetCommitRequest()
	commit.Group, commit.Generation = "g", -1
	topic := kmsg.NewOffsetCommitRequestTopic()
	topic.Topic, topic.Partitions = "t7", []kmsg.OffsetCommitRequestTopicPartition{kmsg.NewOffsetCommitRequestTopicPartition()}
	commit.Topics = append(commit.Topics, topic)
	committed := mustAsk[*kmsg.OffsetCommitResponse](c, 8, commit)
	if err := kerr.ErrorForCode(committed.Topics[0].Partitions[0].ErrorCode); err != nil {
		c.t.Fatal(err)
	}
	for _, filters := range [][2][]string{{{"Consumer", "Classic"}, nil}, {nil, {"EMPTY", "stable"}}, {{"classic"}, {"Empty"}}} {
		list := kmsg.NewPtrListGroupsRequest()
		list.TypesFilter, list.StatesFilter = filters[0], filters[1]
		if len(mustAsk[*kmsg.ListGroupsResponse](c, 5, list).Groups) != 1 {
			return fmt.Sprintf("no group of the types %q and states %q", filters[0], filters[1])
		}
	}
	list := kmsg.NewPtrListGroupsRequest()
	list.TypesFilter = []string{"Consumer", "none"}
	if len(mustAsk[*kmsg.ListGroupsResponse](c, 5, list).Groups) != 0 {
		return "a group of another type"
	}
	return ""
}

func probeQuotaEntries(c *client) string {
	for version := int16(0); version <= 1; version++ {
		if mustAsk[*kmsg.DescribeClientQuotasResponse](c, version, kmsg.NewPtrDescribeClientQuotasRequest()).Entries == nil {
			return "entries are null"
		}
	}
	return ""
}

func initProducer(c *client, version int16, id int64, epoch int16) *kmsg.InitProducerIDResponse {
	c.t.Helper()
	req := kmsg.NewPtrInitProducerIDRequest()
	req.TransactionalID, req.TransactionTimeoutMillis = kmsg.StringPtr("tx"), 60_000
	req.ProducerID, req.ProducerEpoch = id, epoch
	return mustAsk[*kmsg.InitProducerIDResponse](c, version, req)
}

func probeNewProducer(c *client) string {
	if err := kerr.ErrorForCode(initProducer(c, 5, 0, 0).ErrorCode); err != nil {
		return err.Error()
	}
	return ""
}

func probeVersions(c *client) string {
	for version := int16(0); version <= 5; version++ {
		req := kmsg.NewPtrApiVersionsRequest()
		req.ClientSoftwareName, req.ClientSoftwareVersion = "test", "1"
		keys := mustAsk[*kmsg.ApiVersionsResponse](c, version, req).ApiKeys
		at := slices.IndexFunc(keys, func(k kmsg.ApiVersionsResponseApiKey) bool {
			return k.ApiKey == int16(kmsg.AddPartitionsToTxn)
		})
		if at < 0 || keys[at].MaxVersion != 3 {
			return "advertised in other versions than those that work"
		}
	}
	return ""
}

// old returns a producer that a later one has fenced.
func old(c *client) *kmsg.InitProducerIDResponse {
	createTopic(c, 7)
	producer := initProducer(c, 2, -1, -1)
	initProducer(c, 2, -1, -1)
	return producer
}

// want says that an error of a fenced producer is another than that of the request's version.
func want(wrong string, version int16, code int16, newest int16) string {
	want := kerr.InvalidProducerEpoch
	if version >= newest {
		want = kerr.ProducerFenced
	}
	if wrong == "" && code != want.Code {
		return fmt.Sprintf("v%d: %v, want %v", version, kerr.ErrorForCode(code), want)
	}
	return wrong
}

func probeFencedPartitions(c *client) (wrong string) {
	producer := old(c)
	for version := int16(0); version <= 3; version++ {
		req := kmsg.NewPtrAddPartitionsToTxnRequest()
		req.TransactionalID, req.ProducerID, req.ProducerEpoch = "tx", producer.ProducerID, producer.ProducerEpoch
		topic := kmsg.NewAddPartitionsToTxnRequestTopic()
		topic.Topic, topic.Partitions = "t7", []int32{0}
		req.Topics = append(req.Topics, topic)
		resp := mustAsk[*kmsg.AddPartitionsToTxnResponse](c, version, req)
		wrong = want(wrong, version, resp.Topics[0].Partitions[0].ErrorCode, 2)
	}
	return wrong
}

func probeFencedOffsets(c *client) (wrong string) {
	producer := old(c)
	for version := int16(0); version <= 3; version++ {
		req := kmsg.NewPtrAddOffsetsToTxnRequest()
		req.TransactionalID, req.ProducerID, req.ProducerEpoch = "tx", producer.ProducerID, producer.ProducerEpoch
		req.Group = "g"
		wrong = want(wrong, version, mustAsk[*kmsg.AddOffsetsToTxnResponse](c, version, req).ErrorCode, 2)
	}
	return wrong
}

func probeFencedEnd(c *client) (wrong string) {
	producer := old(c)
	for version := int16(0); version <= 3; version++ {
		req := kmsg.NewPtrEndTxnRequest()
		req.TransactionalID, req.ProducerID, req.ProducerEpoch = "tx", producer.ProducerID, producer.ProducerEpoch
		wrong = want(wrong, version, mustAsk[*kmsg.EndTxnResponse](c, version, req).ErrorCode, 2)
	}
	return wrong
}

func probeFencedProducer(c *client) (wrong string) {
	producer := old(c)
	for version := int16(3); version <= 4; version++ {
		code := initProducer(c, version, producer.ProducerID, producer.ProducerEpoch+100).ErrorCode
		wrong = want(wrong, version, code, 4)
	}
	return wrong
}
