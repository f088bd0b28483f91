package topicspec

import "fmt"

// stateRule is a setting that a topic needs in which Kafka's brokers keep their own state. They make
// these topics with it when they need them, and take one that is there as it is: then Kafka deletes
// or compacts away what it will look for.
type stateRule struct {
	topic, setting, value string
	byDefault             bool   // Kafka's default is the value
	state                 string // what is lost
}

// stateRules are as the brokers of Kafka 3.9 and 4.3 make the topics.
func stateRules() []stateRule {
	return []stateRule{
		{"__consumer_offsets", "cleanup.policy", "compact", false, "what groups have committed"},
		{"__transaction_state", "cleanup.policy", "compact", false, "the state of transactions"},
		{"__share_group_state", "cleanup.policy", "delete", true, "the state of share groups"},
		{"__share_group_state", "retention.ms", "-1", false, "the state of share groups"},
		{"__remote_log_metadata", "cleanup.policy", "delete", true, "where tiered segments lie"},
	}
}

// stateOf returns what the brokers keep in the topic, "" where it is none of their own.
func stateOf(topic string) string {
	for _, r := range stateRules() {
		if r.topic == topic {
			return r.state
		}
	}
	return ""
}

// broken returns why d breaks the rule, "" when it does not. A setting that is not declared matters
// only for a topic that is to be made.
func (r stateRule) broken(d Desired, made bool) string {
	if d.Name != r.topic {
		return ""
	}
	setting, declared := d.Config[r.setting]
	value, err := canonical(r.setting, setting.Value)
	var right bool
	switch {
	case !declared:
		right = r.byDefault || !made
	case setting.Unset:
		right = r.byDefault
	default:
		right = value == r.value || err != nil // which is a problem of its own
	}
	if right {
		return ""
	}
	return fmt.Sprintf("%s must be %s: Kafka keeps %s in this topic, and would lose it", r.setting, r.value, r.state)
}

// CheckState returns nil unless d is a topic in which Kafka keeps its own state, with a setting that
// loses it. made is for a topic that is to be made, with what d does not declare left to the brokers.
func (d Desired) CheckState(made bool) error {
	for _, r := range stateRules() {
		if problem := r.broken(d, made); problem != "" {
			return fmt.Errorf("topic %q: %s", d.Name, problem)
		}
	}
	return nil
}

// stateTopics checks the topics of Kafka's own state, as written and under each profile.
func (v *validator) stateTopics() {
	known := make(map[stateRule]bool)
	profiles := inFileOrder(v.spec, path{"profiles"}, v.spec.Profiles)
	for _, profile := range append([]string{""}, profiles...) {
		if v.spec.unset[profile] != nil {
			continue // it may be the missing variable that is right
		}
		for _, d := range v.spec.fold(profile) {
			for _, r := range stateRules() {
				problem := r.broken(d, true)
				if problem == "" || known[r] || d.Absent {
					continue
				}
				place := v.spec.stateSetting(profile, r)
				if profile == "" {
					known[r] = true // under every profile that does not mend it
				} else if place[0] != "profiles" {
					problem += fmt.Sprintf(" (with profile %q)", profile)
				}
				v.addf(place, "%s", problem)
			}
		}
	}
}

// stateSetting returns the place of the rule's setting in its topic, or that of the topic, where it is to
// be written.
func (s *Spec) stateSetting(profile string, r stateRule) path {
	for _, topic := range []path{{"profiles", profile, "topics", r.topic}, {"topics", r.topic}} {
		if at := topic.to("config", r.setting); s.has(at) {
			return at
		}
	}
	return path{"topics", r.topic}
}
