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
	// Absent declares that the topic shall not exist; nothing else is declared of it then.
	Absent bool
	// Partitions and ReplicationFactor are 0 when not declared anywhere: the broker's defaults
	// decide at creation (KIP-464), and nothing is compared.
	Partitions        int
	ReplicationFactor int
	// Config holds the managed settings, values in canonical form.
	Config Config
}

// Desired folds the named profile, or none for "", into one state per topic, in file order. The
// error names the profiles that exist when profile is not one of them, or the variable that the
// profile lacks: [Parse] only demands the variables of [Source.Profile].
func (s *Spec) Desired(profile string) ([]Desired, error) {
	if err := s.checkProfile(profile); err != nil {
		return nil, err
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

// checkProfile returns why the profile cannot be used: there is none of that name, or it lacks a variable.
func (s *Spec) checkProfile(profile string) error {
	if problem := s.unknownProfile(profile); problem != "" {
		return fmt.Errorf("%s: %s", s.file, problem)
	}
	if err := s.unset[profile]; err != nil {
		return fmt.Errorf("%s: profile %q: %w", s.file, profile, err)
	}
	return nil
}

// Names lists the topics of desired in its order.
func Names(desired []Desired) []string {
	names := make([]string, len(desired))
	for i, d := range desired {
		names[i] = d.Name
	}
	return names
}

// BrokersNeeded returns how many live brokers the topics need before all of them can be made and
// written to, and why, for people: the largest replicationFactor, or the largest
// min.insync.replicas of a topic whose replication factor is left to the brokers. It returns 0 and
// "" when no topic declares either.
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

// NewDesired returns the state that command-line flags ask of one topic: a count of 0 is not asked
// for, and everything is checked as in a file. The error names no place.
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
		setting, _, err := checkSetting(key, config[key], hintOnFlag)
		if err != nil {
			return Desired{}, fmt.Errorf("topic %q: config %q: %w", name, key, err)
		}
		d.Config[key] = setting
	}
	for _, c := range crossings() {
		if problem := c.problem(d); problem != "" {
			return Desired{}, fmt.Errorf("topic %q: %s", name, problem)
		}
	}
	return d, nil
}
