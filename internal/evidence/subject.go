package evidence

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/groups"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// question is a set of what is asked about a topic.
type question uint8

const (
	asksGrowth question = 1 << iota
	asksTrim
	asksDeletion
	asksKeys // of a topic that grows, has records, and is not compacted
)

// subject is a topic that changes with a possible risk are about, and what is known of it.
type subject struct {
	name    string
	asked   question
	changes []topicspec.Change

	// before and after are its settings now and after the changes.
	before, after settings
	settingsErr   error // why they are not known

	id         kafka.TopicID
	internal   bool
	err        error // why its partitions are not known
	partitions []partition

	keyed   *bool
	keysErr error // why keyed is nil

	lags       []groups.GroupLag
	readersErr error // why there may be more of them

	moving    bool
	movingErr error
	written   bool // between two looks, where the brokers do not tell the newest record
}

// partition is one of a subject's partitions.
type partition struct {
	leader     int32
	start, end int64 // of its log
	err        error // why they are not known
	cut        int64 // offset of the first record that is younger than the retention.ms to come; -1 for none
	cutErr     error
	size       int64 // bytes of the leader's log; -1 when it is not known
	sizeErr    error
	oldest     time.Time // zero: not known
	newest     time.Time // zero: no record has a time
	newestErr  error
	lastWrite  time.Time // by a producer that the leader remembers; zero for none
	writeErr   error
}

// records counts the offsets between the ends of the log.
func (p *partition) records() int64 { return max(p.end-p.start, 0) }

// subjects are by the names of topics.
type subjects map[string]*subject

// newSubjects returns the topics that some change with a possible risk is about.
func newSubjects(changes []topicspec.Change) subjects {
	found := make(subjects)
	for _, change := range changes {
		asked := asks(change)
		if asked == 0 {
			continue
		}
		s := found[change.Topic]
		if s == nil {
			s = &subject{name: change.Topic}
			found[change.Topic] = s
		}
		s.asked |= asked
	}
	for _, change := range changes { // a setting without a risk decides what another one does
		if s := found[change.Topic]; s != nil {
			s.changes = append(s.changes, change)
		}
	}
	return found
}

// asks returns what must be known to judge a change; 0 for one that has no risk of those that are examined here.
func asks(change topicspec.Change) question {
	switch {
	case change.Action == topicspec.Grow:
		return asksGrowth
	case change.Action == topicspec.Delete:
		return asksDeletion
	case mayTrim(change):
		return asksTrim
	default:
		return 0
	}
}

// of returns the subjects that any of the questions is asked about.
func (s subjects) of(asked question) subjects {
	found := make(subjects)
	for name, subject := range s {
		if subject.asked&asked != 0 {
			found[name] = subject
		}
	}
	return found
}

// concerned returns the subjects that are left to be asked about once their settings are known.
func (s subjects) concerned() subjects { return s.of(asksGrowth | asksTrim | asksDeletion) }

func (s subjects) names() []string { return slices.Sorted(maps.Keys(s)) }

// fail notes why nothing can be found out.
func (s subjects) fail(err error) {
	for _, subject := range s {
		subject.err = err
	}
}

// led returns the partitions with a leader, by leader. It reads nothing but the leaders: the rest may be filled in by
// others meanwhile.
func (s subjects) led() map[int32][]kafka.TopicPartition {
	found := make(map[int32][]kafka.TopicPartition)
	for _, name := range s.names() {
		for i := range s[name].partitions {
			if leader := s[name].partitions[i].leader; leader >= 0 {
				found[leader] = append(found[leader], kafka.TopicPartition{Topic: name, Partition: int32(i)})
			}
		}
	}
	return found
}

// each calls do with every partition.
func (s subjects) each(do func(kafka.TopicPartition, *partition)) {
	for name, subject := range s {
		for i := range subject.partitions {
			do(kafka.TopicPartition{Topic: name, Partition: int32(i)}, &subject.partitions[i])
		}
	}
}

// only returns meta with the topics of s alone.
func (s subjects) only(meta *kmsg.MetadataResponse) *kmsg.MetadataResponse {
	some := *meta
	some.Topics = slices.DeleteFunc(slices.Clone(meta.Topics), func(t kmsg.MetadataResponseTopic) bool {
		return t.Topic == nil || s[*t.Topic] == nil
	})
	return &some
}

// evidence returns what is known about one of the subject's changes, nil for one without a risk.
func (s *subject) evidence(change topicspec.Change, now time.Time) *topicspec.Evidence {
	switch asked := asks(change); {
	case asked&asksGrowth != 0:
		return s.growth()
	case asked&asksTrim != 0:
		return s.trim(change)
	case asked&asksDeletion != 0:
		return s.deletion(now)
	default:
		return nil
	}
}

// newEvidence returns evidence with where the logs end and, unless they are not known, how many records there are.
func (s *subject) newEvidence() *topicspec.Evidence {
	e := &topicspec.Evidence{Readers: []topicspec.Reader{}, InUse: []string{}, Unknown: []string{}}
	if err := s.boundsErr(); err != nil {
		e.Unknown = append(e.Unknown, "where its logs end: "+err.Error())
		return e
	}
	e.Records = new(int64)
	for _, p := range s.partitions {
		*e.Records += p.records()
		e.EndOffsets = append(e.EndOffsets, p.end)
	}
	return e
}

// boundsErr returns why it is not known where the logs begin and end.
func (s *subject) boundsErr() error {
	err := s.err
	for _, p := range s.partitions {
		err = cmp.Or(err, p.err)
	}
	return err
}

// together calls all functions at the same time, and waits for them.
func together(all ...func()) {
	var calling sync.WaitGroup
	for _, one := range all {
		calling.Go(one)
	}
	calling.Wait()
}

// internalName returns what a topic is whose name says that Kafka, or a program, keeps its state in it; "" for others.
func internalName(name string) string {
	switch {
	case strings.HasPrefix(name, "_"):
		return "a name that begins with _ is that of an internal topic"
	case strings.HasSuffix(name, "-changelog"), strings.HasSuffix(name, "-repartition"):
		return "its name is that of an internal topic of Kafka Streams"
	case strings.HasPrefix(name, "connect-"):
		return "its name is that of a topic of Kafka Connect"
	default:
		return ""
	}
}
