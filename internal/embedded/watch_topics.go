package embedded

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	// askedPatience is how long a topic may be missing before it counts: many clients look whether
	// a topic exists, and create it then.
	askedPatience = time.Second
	// checkedMemory is how long a client may take until it asks again, which shows that it waits.
	checkedMemory = 30 * time.Second

	// Bounds of what is remembered, in topics, for a client that asks for any number of names.
	mostAsked = 10_000
	mostNoted = 100
	// longestTopic is Kafka's limit: a longer name is a mistake of another kind.
	longestTopic = 249
)

// ownClient is the client id of kafkactl, whose commands say themselves that a topic does not exist.
const ownClient = "kafkactl"

// askedTopics are the topics that clients ask for by name. It may be used by many goroutines.
//
// A topic that stays missing is noted once a client wants it, or asks for it twice. One question
// alone, of a client that would not have the topic made, is how admin clients find out that
// a topic does not exist.
type askedTopics struct {
	mu    sync.Mutex
	asked map[string]*ask
	noted map[string]bool
}

// ask is how clients asked for a topic.
type ask struct {
	client string // the first, or else the first that wants it
	since  time.Time
	times  int
	wanted bool
}

func newAskedTopics() *askedTopics {
	return &askedTopics{asked: make(map[string]*ask), noted: make(map[string]bool)}
}

// request takes note of the topics that a request names.
//
// Requests for records and offsets need no look: to learn which broker to send them to, a client asks
// for Metadata first, and again once it is refused.
func (a *askedTopics) request(client string, req kmsg.Request) {
	if client == ownClient {
		return
	}
	names, wanted := namedTopics(req)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, name := range names {
		a.name(client, name, wanted)
	}
}

// namedTopics returns the topics that a request names, and whether the client means to use them: it
// subscribes to them, or asks brokers that may create topics to do so.
func namedTopics(req kmsg.Request) (names []string, wanted bool) {
	switch r := req.(type) {
	case *kmsg.MetadataRequest:
		for _, topic := range r.Topics {
			if topic.Topic != nil && topic.TopicID == [16]byte{} {
				names = append(names, *topic.Topic)
			}
		}
		return names, r.Version < 4 || r.AllowAutoTopicCreation
	case *kmsg.DescribeTopicPartitionsRequest:
		for _, topic := range r.Topics {
			names = append(names, topic.Topic)
		}
		return names, false
	case *kmsg.ConsumerGroupHeartbeatRequest:
		return r.SubscribedTopicNames, true
	case *kmsg.ShareGroupHeartbeatRequest:
		return r.SubscribedTopicNames, true
	}
	return nil, false
}

// namesTopics reports whether namedTopics knows requests of a key.
func namesTopics(key int16) bool {
	switch kmsg.Key(key) {
	case kmsg.Metadata, kmsg.DescribeTopicPartitions, kmsg.ConsumerGroupHeartbeat, kmsg.ShareGroupHeartbeat:
		return true
	default:
		return false
	}
}

// name takes note of one topic.
func (a *askedTopics) name(client, name string, wanted bool) {
	if isInternal(name) || len(name) > longestTopic || a.noted[name] || len(a.noted) >= mostNoted {
		return
	}
	q := a.asked[name]
	if q == nil {
		if len(a.asked) >= mostAsked {
			return
		}
		q = &ask{client: client, since: time.Now()}
		a.asked[name] = q
	}
	if wanted && !q.wanted {
		q.client, q.wanted = client, true
	}
	q.times++
}

// isInternal reports whether a topic is Kafka's own, which it makes when it needs it.
func isInternal(name string) bool {
	switch name {
	case "__consumer_offsets", "__transaction_state", "__share_group_state", "__cluster_metadata", "__remote_log_metadata":
		return true
	}
	return false
}

// due returns the topics to tell of at a time, by name, and forgets those that need no more attention.
func (a *askedTopics) due(now time.Time, exists func(string) bool) []AskedTopic {
	return a.take(exists, func(q ask) time.Duration { return now.Sub(q.since) })
}

// rest returns the topics to tell of when no more time is left.
func (a *askedTopics) rest(exists func(string) bool) []AskedTopic {
	return a.take(exists, func(ask) time.Duration { return checkedMemory })
}

func (a *askedTopics) take(exists func(string) bool, age func(ask) time.Duration) []AskedTopic {
	var missing []AskedTopic
	for name, q := range a.questions() {
		switch old := age(q); {
		case old < askedPatience:
		case exists(name):
			a.forget(name)
		case q.wanted || q.times > 1:
			missing = append(missing, AskedTopic{Topic: name, Client: q.client})
			a.forget(name)
		case old >= checkedMemory:
			a.forget(name)
		}
	}
	slices.SortFunc(missing, func(a, b AskedTopic) int { return strings.Compare(a.Topic, b.Topic) })
	return a.note(missing)
}

// questions returns a copy of what is asked: no lock is held while brokers are looked at.
func (a *askedTopics) questions() map[string]ask {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := make(map[string]ask, len(a.asked))
	for name, q := range a.asked {
		asked[name] = *q
	}
	return asked
}

func (a *askedTopics) forget(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.asked, name)
}

// note remembers topics as told of, and returns those there is room for.
func (a *askedTopics) note(topics []AskedTopic) []AskedTopic {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i := range topics {
		a.noted[topics[i].Topic] = true
		if len(a.noted) >= mostNoted {
			topics[i].Last = true
			clear(a.asked)
			return topics[:i+1]
		}
	}
	return topics
}
