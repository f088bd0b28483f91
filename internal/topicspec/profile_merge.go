package topicspec

import "maps"

// fold is Desired before values are made canonical. The profile's counts and settings win over the
// topic's, those over the profile's defaults, and those over the file's. A topic that is
// declared absent has none of them, under any profile. An unknown profile changes nothing.
func (s *Spec) fold(profile string) []Desired {
	over := s.Profiles[profile]
	var desired []Desired
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		topic, override := s.Topics[name], over.Topics[name]
		if topic.Absent() {
			desired = append(desired, Desired{Name: name, Absent: true, Config: Config{}})
			continue
		}
		desired = append(desired, Desired{
			Name:              name,
			Partitions:        firstSet(override.Partitions, topic.Partitions, over.Defaults.Partitions, s.Defaults.Partitions),
			ReplicationFactor: firstSet(override.ReplicationFactor, topic.ReplicationFactor, over.Defaults.ReplicationFactor, s.Defaults.ReplicationFactor),
			Config:            merge(s.Defaults.Config, over.Defaults.Config, topic.Config, override.Config),
		})
	}
	return desired
}

// firstSet returns the first declared count, or 0.
func firstSet(counts ...*int) int {
	for _, c := range counts {
		if c != nil {
			return *c
		}
	}
	return 0
}

// merge folds configs key by key, the last one winning; a null wins like a value.
func merge(configs ...Config) Config {
	merged := Config{}
	for _, c := range configs {
		maps.Copy(merged, c)
	}
	return merged
}
