package topicspec

import (
	"fmt"
	"slices"
	"strings"
)

// FieldTopicID is the field of a [Stale] topic that was deleted and made again.
const FieldTopicID = "topicId"

const (
	absent = "absent"
	unset  = "unset"
)

// Stale is one thing about a topic that has changed since a plan was made.
type Stale struct {
	Topic string `json:"topic"`
	// Field is as in a [Change], or FieldTopicID, or "replicas of partition N".
	Field   string `json:"field"`
	Planned string `json:"planned"`
	Now     string `json:"now"`
}

// Text says what has changed: "partitions: planned from 3, now 4".
func (s Stale) Text() string {
	if s.Field == FieldTopicID {
		return fmt.Sprintf("topic was recreated: id %s → %s", s.Planned, s.Now)
	}
	return fmt.Sprintf("%s: planned from %s, now %s", s.Field, Humanize(s.Field, s.Planned), Humanize(s.Field, s.Now))
}

// StaleTopics lists the topics of stale once each, in their order.
func StaleTopics(stale []Stale) []string {
	var names []string
	for _, s := range stale {
		if !slices.Contains(names[max(0, len(names)-1):], s.Topic) {
			names = append(names, s.Topic)
		}
	}
	return names
}

// text is a topic in short: "3 partitions, replication factor 1".
func (s Seen) text() string {
	shape := Shape{Partitions: len(s.Replicas)}
	for p, replicas := range s.Replicas {
		if p == 0 || len(replicas) < shape.ReplicationFactor {
			shape.ReplicationFactor = len(replicas)
		}
	}
	text := shape.String()
	var overrides []string
	for key, setting := range s.Config {
		if setting.Override {
			overrides = append(overrides, key+"="+Humanize(key, setting.Value))
		}
	}
	slices.Sort(overrides)
	return strings.Join(append([]string{text}, overrides...), ", ")
}

// text is the value of a setting, with a remark where it is not the topic's own.
func (o ObservedSetting) text() string {
	switch {
	case o.Override:
		return o.Value
	case o.Value == "":
		return unset
	default:
		return unset + " (the broker's default is " + o.Value + ")"
	}
}

func textOr(v Value, none string) string {
	if v == nil {
		return none
	}
	return v.String()
}
