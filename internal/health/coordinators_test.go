package health

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafkatest"
)

// stateFactors are the settings with which a fake broker would make Kafka's own topics.
func stateFactors(offsets, transactions int) kfake.Opt {
	return kfake.BrokerConfigs(map[string]string{
		"offsets.topic.replication.factor":         fmt.Sprint(offsets),
		"transaction.state.log.replication.factor": fmt.Sprint(transactions),
	})
}

// A state topic that can never be made is reported before any consumer hangs for want of it. One
// that only transactions need is a warning.
func TestCoordinators(t *testing.T) {
	t.Parallel()
	const named = "__consumer_offsets"
	for _, test := range []struct {
		name     string
		factors  kfake.Opt
		attempt  time.Duration
		arrange  func(*kfake.Cluster)
		verdict  Verdict
		evidence string
		hint     hint
	}{
		{
			name: "offsets topic needs three brokers", factors: stateFactors(3, 1), verdict: Wait,
			evidence: "consumer groups cannot work: broker 0 has offsets.topic.replication.factor=3, and 1 broker is there",
			hint:     advise("state-topic-factor", "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
		},
		{
			name: "transaction topic needs three brokers", factors: stateFactors(1, 3), verdict: Warn,
			evidence: "transactions cannot work: broker 0 has transaction.state.log.replication.factor=3, and 1 broker is there; __consumer_offsets can be made; broker 0 hands out producer ids",
			hint:     advise("state-topic-factor", "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
		},
		{
			name: "a registered broker is only without its heartbeat", factors: stateFactors(3, 1), verdict: Pass,
			arrange:  besideFenced,
			evidence: "__consumer_offsets can be made; __transaction_state can be made; broker 0 hands out producer ids",
		},
		{
			name: "the topic is there already", factors: stateFactors(3, 1), verdict: Pass,
			arrange: func(c *kfake.Cluster) {
				if err := c.CreateTopic(named, 3, map[string]string{"kfake.is_internal": "true"}); err != nil {
					t.Error(err)
				}
			},
			evidence: "__consumer_offsets is led; __transaction_state can be made; broker 0 hands out producer ids",
		},
		{
			name: "the settings may not be seen", verdict: Pass,
			arrange: refuseConfigs,
			evidence: "consumer groups not proven: no broker tells offsets.topic.replication.factor; transactions not proven: " +
				"no broker tells transaction.state.log.replication.factor; broker 0 hands out producer ids",
		},
		{
			name: "the topics may not be seen", factors: stateFactors(3, 3), verdict: Pass,
			arrange: hideTopics,
			evidence: "consumer groups not proven: this user may not see __consumer_offsets; " +
				"transactions not proven: this user may not see __transaction_state; broker 0 hands out producer ids",
		},
		{
			name: "no block of producer ids yet", factors: stateFactors(1, 1), verdict: Wait,
			attempt:  attempt,
			arrange:  func(c *kfake.Cluster) { refuseProducerIDs(c, kerr.CoordinatorLoadInProgress) },
			evidence: "broker 0 hands out no producer id: " + kerr.CoordinatorLoadInProgress.Error(),
			hint:     advise("producer-ids-soon"),
		},
		{
			name: "no right to a producer id", factors: stateFactors(1, 1), verdict: Pass,
			arrange: func(c *kfake.Cluster) { refuseProducerIDs(c, kerr.ClusterAuthorizationFailed) },
			evidence: "__consumer_offsets can be made; __transaction_state can be made; " +
				"broker 0: not proven: a producer id needs Write on a topic, which this user lacks",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var opts []kfake.Opt
			if test.factors != nil {
				opts = append(opts, test.factors)
			}
			cluster := fakeKafka(t, opts...)
			if test.arrange != nil {
				test.arrange(cluster)
			}
			f := finding(t, ladder(t, Options{Brokers: cluster.ListenAddrs(), Attempt: test.attempt}).Climb(t.Context()), "K8")
			wantFinding(t, Finding{Rung: "K8", Verdict: test.verdict, Evidence: test.evidence}, f)
			wantHint(t, test.hint, f)
		})
	}
}

func refuseConfigs(cluster *kfake.Cluster) {
	control(cluster, kmsg.DescribeConfigs, func(req kmsg.Request) kmsg.Response {
		resp := kmsg.NewPtrDescribeConfigsResponse()
		resp.Version = req.GetVersion()
		resp.Resources = []kmsg.DescribeConfigsResponseResource{{ErrorCode: kerr.ClusterAuthorizationFailed.Code}}
		return resp
	})
}

// hideTopics refuses every topic that is asked for by name.
func hideTopics(cluster *kfake.Cluster) {
	control(cluster, kmsg.Metadata, func(req kmsg.Request) kmsg.Response {
		resp := kmsg.NewPtrMetadataResponse()
		resp.Version = req.GetVersion()
		for _, topic := range req.(*kmsg.MetadataRequest).Topics {
			denied := kmsg.NewMetadataResponseTopic()
			denied.Topic, denied.ErrorCode = topic.Topic, kerr.TopicAuthorizationFailed.Code
			resp.Topics = append(resp.Topics, denied)
		}
		if len(resp.Topics) == 0 {
			return nil
		}
		return resp
	})
}

// besideFenced makes a cluster one of KRaft with two more brokers, which send no heartbeat.
func besideFenced(cluster *kfake.Cluster) {
	kafkatest.OfferQuorum(cluster, func() kmsg.Response { return quorum(0, 0) })
	control(cluster, kmsg.DescribeCluster, fencedBrokers(8, 7))
}

func refuseProducerIDs(cluster *kfake.Cluster, with *kerr.Error) {
	control(cluster, kmsg.InitProducerID, func(req kmsg.Request) kmsg.Response {
		resp := kmsg.NewPtrInitProducerIDResponse()
		resp.Version, resp.ErrorCode = req.GetVersion(), with.Code
		return resp
	})
}

// A broker that nobody has asked yet has no ids at hand and fetches them: that is no fault, also
// for who looks once.
func TestFirstProducerIDIsFetched(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, stateFactors(1, 1))
	asked := 0
	control(cluster, kmsg.InitProducerID, func(req kmsg.Request) kmsg.Response {
		if asked++; asked > 3 {
			return nil
		}
		resp := kmsg.NewPtrInitProducerIDResponse()
		resp.Version, resp.ErrorCode = req.GetVersion(), kerr.CoordinatorLoadInProgress.Code
		return resp
	})
	if r := ladder(t, Options{Brokers: cluster.ListenAddrs()}).Climb(t.Context()); !r.Ready || asked != 4 {
		t.Errorf("ready %t after %d questions: %+v", r.Ready, asked, finding(t, r, "K8"))
	}
}

// A broker that fetches its first ids until the time is over is named by that, and not as one that
// is silent.
func TestFetchingProducerIDsOutlastsTheQuestion(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, stateFactors(1, 1))
	asked := 0
	cluster.ControlKey(kmsg.InitProducerID.Int16(), func(req kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		if asked++; asked > 1 {
			return nil, nil, true
		}
		resp := kmsg.NewPtrInitProducerIDResponse()
		resp.Version, resp.ErrorCode = req.GetVersion(), kerr.CoordinatorLoadInProgress.Code
		return resp, nil, true
	})
	l := ladder(t, Options{Brokers: cluster.ListenAddrs()})
	a := l.producerID(background(t, patient/2), broker{0, cluster.ListenAddrs()[0]})
	if want := "broker 0 hands out no producer id: " + kerr.CoordinatorLoadInProgress.Error(); a.verdict != Wait || a.evidence != want {
		t.Errorf("%s %q, want %q", a.verdict, a.evidence, want)
	}
}

// No connection is made any more once the ladder is closed, also by a question that was abandoned.
func TestClosedLadderAsksNobody(t *testing.T) {
	t.Parallel()
	l := ladder(t, Options{Brokers: []string{refusing(t)}})
	l.Close()
	if v := l.metadata(t.Context(), "127.0.0.1:1"); v.err == nil || v.err.Error() != "the ladder is closed" {
		t.Errorf("told %v", v.err)
	}
}

// Partitions of a state topic that nobody leads are where groups hang, though the others work;
// where only transactions do it is a warning.
func TestStateTopicWithoutLeaders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		topic string
		want  Finding
	}{
		{"__consumer_offsets", Finding{Rung: "K8", Verdict: Wait, Evidence: "__consumer_offsets has 1 partition without a leader: consumer groups that live there hang"}},
		{"__transaction_state", Finding{Rung: "K8", Verdict: Warn, Evidence: "__transaction_state has 1 partition without a leader: transactions that live there hang; " +
			"consumer groups not proven: this user may not see __consumer_offsets; broker 0 hands out producer ids"}},
	} {
		t.Run(test.topic, func(t *testing.T) {
			t.Parallel()
			cluster := fakeKafka(t, stateFactors(1, 1))
			leaderless(cluster, test.topic)
			wantFinding(t, test.want, finding(t, ladder(t, Options{Brokers: cluster.ListenAddrs()}).Climb(t.Context()), "K8"))
		})
	}
}

// leaderless shows a topic of which one partition is not led, and refuses the others.
func leaderless(cluster *kfake.Cluster, name string) {
	control(cluster, kmsg.Metadata, func(req kmsg.Request) kmsg.Response {
		asked := req.(*kmsg.MetadataRequest)
		if len(asked.Topics) == 0 {
			return nil
		}
		resp := kmsg.NewPtrMetadataResponse()
		resp.Version = req.GetVersion()
		for _, topic := range asked.Topics {
			t := kmsg.NewMetadataResponseTopic()
			t.Topic = topic.Topic
			if *topic.Topic == name {
				t.Partitions = []kmsg.MetadataResponseTopicPartition{{Partition: 0, Leader: 0}, {Partition: 1, Leader: -1}}
			} else {
				t.ErrorCode = kerr.TopicAuthorizationFailed.Code
			}
			resp.Topics = append(resp.Topics, t)
		}
		return resp
	})
}

// A producer id is asked of every broker, each at the address it advertises.
func TestEveryBrokerIsAskedForProducerIDs(t *testing.T) {
	t.Parallel()
	cluster := fakeKafka(t, kfake.NumBrokers(3), stateFactors(1, 1))
	asked := make(chan int32, 10)
	control(cluster, kmsg.InitProducerID, func(kmsg.Request) kmsg.Response {
		asked <- cluster.CurrentNode()
		return nil
	})
	ladder(t, Options{Brokers: cluster.ListenAddrs()[:1]}).Climb(t.Context())
	nodes := make(map[int32]bool)
	for len(asked) > 0 {
		nodes[<-asked] = true
	}
	if len(nodes) != 3 {
		t.Errorf("asked brokers %v, want all three", nodes)
	}
}
