package embedded

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// defect is a fault of kfake that clients meet, and its mend from outside, unless that is elsewhere. A test holds each against
// kfake alone, and says when its entry can go.
type defect struct {
	name string // what is wrong, the name of its test
	who  string // which clients meet it, and how
	key  kmsg.Key

	request func(kmsg.Request)       // changes a request before kfake has it; or nil
	answer  func(kmsg.Response) bool // changes an answer before the client has it; or nil

	// instead answers in the place of kfake; it returns nil for a request that it leaves to kfake. Or
	// it is nil.
	instead func(*kfake.Cluster, kmsg.Request) kmsg.Response
}

// upstreamDefects returns what kfake 20260918 does otherwise than a broker. Two more faults are
// mended where requests are read, in frameReader: an unknown kind of request ends the process, and
// memory is set aside for any size.
func upstreamDefects() []defect {
	return slices.Concat(adminDefects(), transactionDefects(), loginDefects(), aclDefects())
}

func adminDefects() []defect {
	return []defect{
		{
			name: "CreateTopics answers no configs",
			who:  `Java's Admin and all that create topics with it (Streams, Connect, Spring): "configs" is null`,
			key:  kmsg.CreateTopics, answer: fillCreatedConfigs,
		}, {
			name: "CreateTopics answers configs of an unknown source",
			who:  "Java's Admin: id should be positive, id: -1; kafka-python: Unrecognized ConfigSourceType: -1",
			key:  kmsg.CreateTopics, answer: nameCreatedSources,
		}, {
			name: "CreateTopics answers no configs that have their default",
			who:  "Java's Admin: CreateTopicsResult.config lacks them, and what is read of it is null",
			key:  kmsg.CreateTopics, answer: addCreatedDefaults,
		}, {
			name: "DescribeConfigs describes a third of a topic's settings",
			who:  "kafka-python: alter_configs refuses the others, Unrecognized configs; see describeConfigs",
			key:  kmsg.DescribeConfigs,
		}, {
			name: "DescribeTopicPartitions answers no eligible leader replicas",
			who:  "Java's Admin: describeTopics ends with a NullPointerException",
			key:  kmsg.DescribeTopicPartitions, answer: fillEligibleLeaders,
		}, {
			name: "ListGroups filters by types and states as they are spelt",
			who:  `Java's Admin: listConsumerGroups is empty, for it asks for "Consumer" and kfake has "consumer"`,
			key:  kmsg.ListGroups, request: spellGroupFilters,
		}, {
			name: "ListGroups answers no protocol type of the consumer protocol",
			who:  "Java's Admin: listConsumerGroups says of a group with members that it is a simple one, without any",
			key:  kmsg.ListGroups, answer: nameGroupProtocol,
		}, {
			name: "OffsetFetch refuses a group that is not there",
			who:  "all that ask before they commit: librdkafka's committed and KafkaJS's fetchOffsets end with GROUP_ID_NOT_FOUND",
			key:  kmsg.OffsetFetch, instead: fetchOffsets,
		}, {
			name: "ApiVersions has telemetry (KIP-714) that nothing reads",
			who:  "librdkafka: a line on stderr for each client; brokers have it where a plugin reads it",
			key:  kmsg.ApiVersions, answer: dropTelemetry,
		}, {
			name: "DescribeClientQuotas answers no entries",
			who:  "Java's Admin: describeClientQuotas ends with a NullPointerException",
			key:  kmsg.DescribeClientQuotas, answer: fillQuotaEntries,
		},
	}
}

func transactionDefects() []defect {
	return []defect{
		{
			name: "InitProducerID refuses producer 0 with epoch 0",
			who:  "@platformatic/kafka: a new transactional id has no producer yet, and it sends zeros",
			key:  kmsg.InitProducerID, request: newProducer,
		}, {
			name: "AddPartitionsToTxn ignores the transactions of v4 and later",
			who:  "@platformatic/kafka: its next Produce is refused, invalid state",
			key:  kmsg.ApiVersions, answer: capAddPartitionsToTxn,
		}, {
			name: "AddPartitionsToTxn fences with an error newer than v0 and v1",
			who:  "KafkaJS: Unknown error code 90",
			key:  kmsg.AddPartitionsToTxn, answer: fenceAddPartitions,
		}, {
			name: "AddOffsetsToTxn fences with an error newer than v0 and v1",
			who:  "KafkaJS, as above",
			key:  kmsg.AddOffsetsToTxn, answer: fenceAddOffsets,
		}, {
			name: "EndTxn fences with an error newer than v0 and v1",
			who:  "KafkaJS, as above",
			key:  kmsg.EndTxn, answer: fenceEndTxn,
		}, {
			name: "InitProducerID fences with an error newer than v3",
			who:  "clients that renew a producer with v3, which cannot know it",
			key:  kmsg.InitProducerID, answer: fenceInitProducer,
		},
	}
}

// mendRequests makes a cluster change or answer the requests of all defects.
func mendRequests(cluster *kfake.Cluster, defects []defect) {
	for _, d := range defects {
		switch {
		case d.request != nil:
			cluster.ControlKey(int16(d.key), func(req kmsg.Request) (kmsg.Response, error, bool) {
				d.request(req)
				return nil, nil, false
			})
		case d.instead != nil:
			cluster.ControlKey(int16(d.key), func(req kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				resp := d.instead(cluster, req)
				return resp, nil, resp != nil
			})
		}
	}
}

// mendAnswers returns the changes to answers of all defects.
func mendAnswers(defects []defect) answerMends {
	mends := answerMends{}
	for _, d := range defects {
		if d.answer != nil {
			mends.add(d.key, d.answer)
		}
	}
	return mends
}

// fillCreatedConfigs makes null, which says that the client may not see the configs, an empty list.
func fillCreatedConfigs(resp kmsg.Response) (changed bool) {
	create, _ := resp.(*kmsg.CreateTopicsResponse)
	for i := range create.Topics {
		if t := &create.Topics[i]; create.Version >= 5 && t.Configs == nil {
			t.Configs = []kmsg.CreateTopicsResponseTopicConfig{}
			changed = true
		}
	}
	return changed
}

// nameCreatedSources says of configs without a source what they are: those of the topic. kfake has
// them in no order; a broker sorts them.
func nameCreatedSources(resp kmsg.Response) (changed bool) {
	create, _ := resp.(*kmsg.CreateTopicsResponse)
	for _, t := range create.Topics {
		for i := range t.Configs {
			if c := &t.Configs[i]; c.Source < 0 {
				c.Source = int8(kmsg.ConfigSourceDynamicTopicConfig)
				changed = true
			}
		}
		slices.SortFunc(t.Configs, func(a, b kmsg.CreateTopicsResponseTopicConfig) int {
			return strings.Compare(a.Name, b.Name)
		})
	}
	return changed
}

// fillEligibleLeaders makes null lists of replicas (KIP-966) empty: there are none.
func fillEligibleLeaders(resp kmsg.Response) (changed bool) {
	describe, _ := resp.(*kmsg.DescribeTopicPartitionsResponse)
	for _, t := range describe.Topics {
		for i := range t.Partitions {
			p := &t.Partitions[i]
			for _, replicas := range []*[]int32{&p.EligibleLeaderReplicas, &p.LastKnownELR} {
				if *replicas == nil {
					*replicas = []int32{}
					changed = true
				}
			}
		}
	}
	return changed
}

// spellGroupFilters gives the filters the spelling of kfake; a broker takes any.
func spellGroupFilters(req kmsg.Request) {
	list, _ := req.(*kmsg.ListGroupsRequest)
	spell := func(filters, known []string) {
		for i, filter := range filters {
			if k := slices.IndexFunc(known, func(s string) bool { return strings.EqualFold(s, filter) }); k >= 0 {
				filters[i] = known[k]
			}
		}
	}
	spell(list.TypesFilter, []string{"classic", "consumer", "share"})
	spell(list.StatesFilter, []string{
		"Empty", "Stable", "PreparingRebalance", "CompletingRebalance", "Reconciling", "Assigning", "Dead",
	})
}

// nameGroupProtocol names the protocol type of groups of the consumer protocol (KIP-848). The answers
// before v5 do not say which those are; of the others without a type, none has members.
func nameGroupProtocol(resp kmsg.Response) (changed bool) {
	list, _ := resp.(*kmsg.ListGroupsResponse)
	for i := range list.Groups {
		g := &list.Groups[i]
		hasMembers := g.GroupState != "" && g.GroupState != "Empty" && g.GroupState != "Dead"
		if g.ProtocolType == "" && (g.GroupType == "consumer" || hasMembers) {
			g.ProtocolType = "consumer"
			changed = true
		}
	}
	return changed
}

// fillQuotaEntries makes null, which belongs to an error, an empty list.
func fillQuotaEntries(resp kmsg.Response) bool {
	quotas, _ := resp.(*kmsg.DescribeClientQuotasResponse)
	if quotas.ErrorCode != 0 || quotas.Entries != nil {
		return false
	}
	quotas.Entries = []kmsg.DescribeClientQuotasResponseEntry{}
	return true
}

// newProducer asks for a new producer where a transactional producer names id 0 and epoch 0. kfake
// gives no producer the id 0, and a broker does not look at the id when the transactional id is new.
func newProducer(req kmsg.Request) {
	producer, _ := req.(*kmsg.InitProducerIDRequest)
	if producer.TransactionalID != nil && producer.ProducerID == 0 && producer.ProducerEpoch == 0 {
		producer.ProducerID, producer.ProducerEpoch = -1, -1
	}
}

// capAddPartitionsToTxn leaves the versions that kfake has; later ones are for brokers.
func capAddPartitionsToTxn(resp kmsg.Response) (changed bool) {
	versions, _ := resp.(*kmsg.ApiVersionsResponse)
	for i := range versions.ApiKeys {
		if k := &versions.ApiKeys[i]; k.ApiKey == int16(kmsg.AddPartitionsToTxn) && k.MaxVersion > 3 {
			k.MaxVersion = 3
			changed = true
		}
	}
	return changed
}

// dropTelemetry takes away the two requests by which clients send metrics.
func dropTelemetry(resp kmsg.Response) (changed bool) {
	versions, _ := resp.(*kmsg.ApiVersionsResponse)
	before := len(versions.ApiKeys)
	versions.ApiKeys = slices.DeleteFunc(versions.ApiKeys, func(k kmsg.ApiVersionsResponseApiKey) bool {
		return k.ApiKey == int16(kmsg.GetTelemetrySubscriptions) || k.ApiKey == int16(kmsg.PushTelemetry)
	})
	return len(versions.ApiKeys) < before
}

// fenced turns PRODUCER_FENCED into the error that clients of older versions know.
func fenced(code *int16) bool {
	if *code != kerr.ProducerFenced.Code {
		return false
	}
	*code = kerr.InvalidProducerEpoch.Code
	return true
}

func fenceAddPartitions(resp kmsg.Response) (changed bool) {
	add, _ := resp.(*kmsg.AddPartitionsToTxnResponse)
	for _, t := range add.Topics {
		for i := range t.Partitions {
			changed = add.Version < 2 && fenced(&t.Partitions[i].ErrorCode) || changed
		}
	}
	return changed
}

func fenceAddOffsets(resp kmsg.Response) bool {
	add, _ := resp.(*kmsg.AddOffsetsToTxnResponse)
	return add.Version < 2 && fenced(&add.ErrorCode)
}

func fenceEndTxn(resp kmsg.Response) bool {
	end, _ := resp.(*kmsg.EndTxnResponse)
	return end.Version < 2 && fenced(&end.ErrorCode)
}

func fenceInitProducer(resp kmsg.Response) bool {
	producer, _ := resp.(*kmsg.InitProducerIDResponse)
	return producer.Version < 4 && fenced(&producer.ErrorCode)
}
