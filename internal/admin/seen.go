package admin

import (
	"encoding/base64"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// seen returns what a plan for desired is made from: of each topic what the first broker shows that knows it,
// as in [topicspec.Union].
func (s views) seen(desired []topicspec.Desired) []topicspec.Seen {
	found := make([]topicspec.Seen, len(desired))
	position := make(map[string]int, len(desired))
	for i, d := range desired {
		found[i].Name, position[d.Name] = d.Name, i
	}
	for _, at := range s {
		if at.Err != nil {
			continue
		}
		for _, t := range at.Value.meta.Topics {
			i := position[*t.Topic]
			if _, exists := at.Value.topics[*t.Topic]; exists && !found[i].Exists {
				found[i] = at.Value.seenTopic(desired[i], t)
			}
		}
	}
	return found
}

// seenTopic is one topic that v shows. Where the login may not list reassignments, replicas that are being taken away
// are among the others.
func (v view) seenTopic(d topicspec.Desired, t kmsg.MetadataResponseTopic) topicspec.Seen {
	s := topicspec.Seen{
		Name: d.Name, Exists: true, ID: topicID(t.TopicID),
		Replicas: make([][]int, len(t.Partitions)), Config: make(map[string]topicspec.ObservedSetting, len(d.Config)),
	}
	for i := range t.Partitions {
		p := int(t.Partitions[i].Partition)
		s.Replicas[p] = toInts(t.Partitions[i].Replicas)
		if moving, found := v.moving[d.Name][p]; found {
			s.Replicas[p] = moving.target()
		}
	}
	for key := range d.Config {
		s.Config[key] = v.topics[d.Name].Config[key]
	}
	return s
}

// target returns the replicas that the partition shall have.
func (r reassignment) target() []int {
	return slices.DeleteFunc(slices.Clone(r.replicas), func(id int) bool { return slices.Contains(r.removing, id) })
}

// topicID returns a topic's id as Apache's tools write it, "" from a broker that has none.
func topicID(id [16]byte) string {
	if id == ([16]byte{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(id[:])
}
