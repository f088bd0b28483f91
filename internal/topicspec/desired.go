package topicspec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Desired is what one topic shall be: spec, defaults and profile folded together.
type Desired struct {
	Name string
	// Partitions and ReplicationFactor are 0 when not declared anywhere: the
	// broker's defaults decide at creation (KIP-464), and nothing is compared.
	Partitions        int
	ReplicationFactor int
	// Config holds the managed settings, values in canonical form.
	Config Config
}

// Desired folds the named profile, or none for "", into one state per topic, in
// file order. The error names the profiles there are when profile is not one, or the
// variable that it lacks: those of a profile are only demanded of [Source.Profile].
func (s *Spec) Desired(profile string) ([]Desired, error) {
	if problem := s.unknownProfile(profile); problem != "" {
		return nil, fmt.Errorf("%s: %s", s.file, problem)
	}
	if err := s.unset[profile]; err != nil {
		return nil, fmt.Errorf("%s: profile %q: %w", s.file, profile, err)
	}
	desired := s.fold(profile)
	for _, d := range desired {
		for key, setting := range d.Config {
			if setting.Unset {
				continue
			}
			value, err := canonical(key, setting.Value)
			if err != nil { // validate has refused these
				return nil, fmt.Errorf("topic %q: config %q: %w", d.Name, key, err)
			}
			d.Config[key] = Setting{Value: value}
		}
	}
	return desired, nil
}

// fold is Desired before values are made canonical; an unknown profile is none.
func (s *Spec) fold(profile string) []Desired {
	over := s.Profiles[profile]
	var desired []Desired
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		topic, override := s.Topics[name], over.Topics[name]
		desired = append(desired, Desired{
			Name:              name,
			Partitions:        firstSet(override.Partitions, topic.Partitions, over.Defaults.Partitions, s.Defaults.Partitions),
			ReplicationFactor: firstSet(override.ReplicationFactor, topic.ReplicationFactor, over.Defaults.ReplicationFactor, s.Defaults.ReplicationFactor),
			Config:            merge(s.Defaults.Config, over.Defaults.Config, topic.Config, override.Config),
		})
	}
	return desired
}

// Names lists the topics of desired in its order.
func Names(desired []Desired) []string {
	names := make([]string, len(desired))
	for i, d := range desired {
		names[i] = d.Name
	}
	return names
}

// BrokersNeeded is how many live brokers the topics need before all of them can be made and written to, and which
// declaration says so, for people: the largest replicationFactor, or the largest min.insync.replicas of a topic whose
// replication factor is left to the brokers. It is 0 and "" when no topic declares either.
func BrokersNeeded(desired []Desired) (brokers int, why string) {
	for _, d := range desired {
		if d.ReplicationFactor > brokers {
			brokers, why = d.ReplicationFactor, fmt.Sprintf("topic %q has %s %d", d.Name, FieldReplicationFactor, d.ReplicationFactor)
		}
		if insync, err := strconv.Atoi(d.Config[minInSyncReplicas].Value); err == nil && insync > brokers {
			brokers, why = insync, fmt.Sprintf("topic %q has %s %d", d.Name, minInSyncReplicas, insync)
		}
	}
	return brokers, why
}

// NewDesired is the state that command-line flags ask of one topic: counts of 0
// are not asked for, everything is checked as in a file. The error names no place.
func NewDesired(name string, partitions, replicationFactor int, config Config) (Desired, error) {
	d := Desired{Name: name, Partitions: partitions, ReplicationFactor: replicationFactor, Config: Config{}}
	problem := nameProblem(name)
	if partitions != 0 {
		problem = cmp.Or(problem, countProblem(FieldPartitions, partitions))
	}
	if replicationFactor != 0 {
		problem = cmp.Or(problem, countProblem(FieldReplicationFactor, replicationFactor))
	}
	if problem != "" {
		return Desired{}, fmt.Errorf("topic %q: %s", name, problem)
	}
	for _, key := range slices.Sorted(maps.Keys(config)) {
		setting, err := checkSetting(key, config[key])
		if err != nil {
			return Desired{}, fmt.Errorf("topic %q: config %q: %w", name, key, err)
		}
		d.Config[key] = setting
	}
	if problem := d.minInSyncProblem(); problem != "" {
		return Desired{}, fmt.Errorf("topic %q: %s", name, problem)
	}
	return d, nil
}

// firstSet is the first declared count, or 0.
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
