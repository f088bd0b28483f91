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

// Stale is one thing about a topic, or about what a principal has, that has changed since a plan was made.
type Stale struct {
	// Topic is "" for another kind.
	Topic string `json:"topic"`
	// Field is as in a [Change], or FieldTopicID, or "replicas of partition N". Of an ACL it is its words.
	Field   string `json:"field"`
	Planned string `json:"planned"`
	Now     string `json:"now"`
	Kind    Kind   `json:"kind"`
	// Principal is "" for a topic.
	Principal string `json:"principal,omitempty"`
}

// Text says what has changed: "partitions: planned from 3, now 4".
func (s Stale) Text() string {
	if s.Field == FieldTopicID {
		return fmt.Sprintf("topic was recreated: id %s → %s", s.Planned, s.Now)
	}
	return fmt.Sprintf("%s: planned from %s, now %s", s.Field, Humanize(s.Field, s.Planned), Humanize(s.Field, s.Now))
}

// Subject is the topic, or the principal.
func (s Stale) Subject() string {
	if s.Kind == KindTopic {
		return s.Topic
	}
	return s.Principal
}

// StaleTopics lists the topics of stale once each, in their order.
func StaleTopics(stale []Stale) []string {
	return staleSubjects(stale, func(s Stale) bool { return s.Kind == KindTopic })
}

// StalePrincipals lists the principals of stale once each, in their order.
func StalePrincipals(stale []Stale) []string {
	return staleSubjects(stale, func(s Stale) bool { return s.Kind != KindTopic })
}

func staleSubjects(stale []Stale, of func(Stale) bool) []string {
	var names []string
	seen := make(map[string]bool)
	for _, s := range stale {
		if name := s.Subject(); of(s) && !seen[name] {
			seen[name], names = true, append(names, name)
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
