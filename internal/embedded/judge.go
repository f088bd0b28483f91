package embedded

import (
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// judge stands before kfake, which takes nearly all settings, counts and records: it refuses what a
// broker refuses, with a broker's errors and words. Its functions run as those of
// [kfake.Cluster.ControlKey], one after another but where one waits for [rest].
type judge struct {
	kfake *kfake.Cluster
	addrs []string // of each broker, whose id is the index
	dial  func(node int32) (net.Conn, error)
	last  *kmsg.ProduceRequest // that was left to kfake; nil for none

	mu    sync.Mutex
	names map[string]map[string]bool // of the topics that are or were there, by [topicspec.FoldName]
	rules map[topicKey]produceRules  // what is known of topics for produce requests
}

// refusal is why a part of a request is refused.
type refusal struct {
	code  int16
	words string
}

func refuse(err *kerr.Error, format string, args ...any) *refusal {
	return &refusal{err.Code, fmt.Sprintf(format, args...)}
}

// answer returns the fields of a response; without words there are none.
func (r *refusal) answer() (code int16, words *string) {
	if r.words == "" {
		return r.code, nil
	}
	return r.code, &r.words
}

// newJudge puts a judge before kfake, which it asks by dial; stored says that a data directory may hold topics.
func newJudge(cluster *kfake.Cluster, dial func(int32) (net.Conn, error), stored bool) (*judge, error) {
	j := &judge{kfake: cluster, addrs: cluster.ListenAddrs(), dial: dial, names: map[string]map[string]bool{}, rules: map[topicKey]produceRules{}}
	if stored {
		if err := j.learnNames(); err != nil {
			return nil, err
		}
	}
	control(j, kmsg.CreateTopics, j.createTopics)
	control(j, kmsg.CreatePartitions, j.createPartitions)
	control(j, kmsg.AlterConfigs, j.alterConfigs)
	control(j, kmsg.IncrementalAlterConfigs, j.incrementalAlterConfigs)
	control(j, kmsg.AlterPartitionAssignments, j.alterPartitionAssignments)
	control(j, kmsg.DeleteTopics, func(*kmsg.DeleteTopicsRequest) (kmsg.Response, error) { return nil, nil }) // it forgets the rules
	control(j, kmsg.DescribeConfigs, j.describeConfigs)
	control(j, kmsg.Produce, j.produce)
	return j, nil
}

// control has f judge the requests with key. f returns a nil response and no error for a request that
// is kfake's to answer, which f may have changed.
func control[R kmsg.Request](j *judge, key kmsg.Key, f func(R) (kmsg.Response, error)) {
	j.kfake.ControlKey(int16(key), func(req kmsg.Request) (kmsg.Response, error, bool) {
		j.kfake.KeepControl()
		if key != kmsg.Produce && key != kmsg.DescribeConfigs {
			j.forgetRules()
		}
		resp, err := f(req.(R))
		return resp, err, resp != nil || err != nil
	})
}

// learnNames asks for the topics that a data directory held.
func (j *judge) learnNames() error {
	req := kmsg.NewPtrMetadataRequest()
	req.Version = 9
	resp, err := j.ask(0, req)
	if err != nil {
		return fmt.Errorf("ask for the topics that are there: %w", err)
	}
	for _, topic := range resp.(*kmsg.MetadataResponse).Topics {
		if topic.Topic != nil {
			j.learnName(*topic.Topic)
		}
	}
	return nil
}

// learnName keeps the name of a topic that is about to be there.
func (j *judge) learnName(name string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	folded := topicspec.FoldName(name)
	if j.names[folded] == nil {
		j.names[folded] = map[string]bool{}
	}
	j.names[folded][name] = true
}

// colliding returns the topic whose name collides with name, "" when none does.
func (j *judge) colliding(name string) string {
	if !strings.ContainsAny(name, "._") {
		return ""
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for other := range j.names[topicspec.FoldName(name)] {
		if other != name && j.kfake.TopicInfo(other) != nil {
			return other
		}
	}
	return ""
}

// isBroker reports whether there is a broker with this id.
func (j *judge) isBroker(id int32) bool { return id >= 0 && int(id) < len(j.addrs) }

// placement judges the replicas that a request gives a partition.
func (j *judge) placement(replicas []int32) *refusal {
	if len(replicas) == 0 {
		return refuse(kerr.InvalidReplicaAssignment, "The manual partition assignment includes an empty replica list.")
	}
	seen := map[int32]bool{}
	for _, id := range replicas {
		if !j.isBroker(id) {
			return refuse(kerr.InvalidReplicaAssignment, "The manual partition assignment includes broker %d, but no such broker is registered.", id)
		}
		if seen[id] {
			return refuse(kerr.InvalidReplicaAssignment, "The manual partition assignment includes the broker %d more than once.", id)
		}
		seen[id] = true
	}
	return nil
}

// repeated returns the names that a request has more than once.
func repeated[T any](items []T, name func(T) string) map[string]bool {
	seen, twice := map[string]bool{}, map[string]bool{}
	for _, item := range items {
		if n := name(item); seen[n] {
			twice[n] = true
		} else {
			seen[n] = true
		}
	}
	return twice
}
