package topicspec

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// validate returns what a decoded spec still has wrong, offline, and keeps its warnings. The decoder
// has refused the values at the paths in refused: they are not reported again.
func (s *Spec) validate(profile string, refused map[string]bool) Problems {
	v := &validator{spec: s, refused: refused}
	v.header(profile)
	v.names()
	v.stateTopics()
	v.defaults(path{"defaults"}, s.Defaults)
	for _, name := range inFileOrder(s, path{"topics"}, s.Topics) {
		if v.absent(name) {
			continue
		}
		t, p := s.Topics[name], path{"topics", name}
		v.counts(p, t.Partitions, t.ReplicationFactor)
		v.config(p.to("config"), t.Config)
		v.services(p.to("producers"), t.Producers)
		v.services(p.to("consumers"), t.Consumers)
		v.dlq(p.to("dlq"), name, t.DLQ)
	}
	v.access()
	for _, name := range inFileOrder(s, path{"profiles"}, s.Profiles) {
		v.profile(name)
	}
	v.crossed()
	v.crossedAccess()
	s.warnings = sortWarnings(v.warnings)
	return v.problems
}

type validator struct {
	spec     *Spec
	refused  map[string]bool
	managed  map[string]bool // services that have a principal under any profile
	problems Problems
	warnings []Warning
}

func (v *validator) addf(p path, format string, args ...any) {
	if v.refused[p.String()] {
		return
	}
	pos := v.spec.at(p)
	v.problems = append(v.problems, Problem{v.spec.file, pos.Line, pos.Col, p.subject() + fmt.Sprintf(format, args...)})
}

// header checks the version, that there are topics, and that the chosen profile exists.
func (v *validator) header(profile string) {
	s := v.spec
	switch {
	case !s.has(path{"version"}):
		v.addf(nil, "version is missing (write version: %d)", Version)
	case s.Version != Version:
		v.addf(path{"version"}, "version must be %d, the only one this kafkactl reads", Version)
	}
	if len(s.Topics) == 0 {
		v.addf(path{"topics"}, "topics: at least one topic is needed")
	}
	if problem := s.unknownProfile(profile); problem != "" {
		v.addf(path{"profiles"}, "%s", problem)
	}
}

// unknownProfile returns that there is no such profile, "" when there is or when profile is "".
func (s *Spec) unknownProfile(profile string) string {
	if _, ok := s.Profiles[profile]; ok || profile == "" {
		return ""
	}
	names := slices.Sorted(maps.Keys(s.Profiles))
	if len(names) == 0 {
		return fmt.Sprintf("no profile %q: the file has none", profile)
	}
	return fmt.Sprintf("no profile %q%s (profiles: %s)", profile, didYouMean(profile, names), strings.Join(names, ", "))
}

// names checks that topic names are legal and do not collide: Kafka's metrics turn dots into
// underscores, so a broker refuses a.b beside a_b.
func (v *validator) names() {
	folded := make(map[string]string)
	for _, name := range inFileOrder(v.spec, path{"topics"}, v.spec.Topics) {
		p := path{"topics", name}
		if problem := nameProblem(name); problem != "" {
			v.addf(p, "%s", problem)
			continue
		}
		key := FoldName(name)
		if other, taken := folded[key]; taken {
			v.addf(p, "collides with %q: Kafka does not tell . from _ in topic names", other)
			continue
		}
		folded[key] = name
	}
}

// FoldName returns what Kafka tells topics apart by: names that differ in . and _ only collide.
func FoldName(name string) string { return strings.ReplaceAll(name, ".", "_") }

var legalName = regexp.MustCompile(`^[a-zA-Z0-9._-]+$`)

// longestName is Kafka's limit: the name and "-<partition>" must fit a file name.
const longestName = 249

// nameProblem returns what is wrong with a topic name, "" when Kafka takes it.
func nameProblem(name string) string {
	switch {
	case name == "":
		return "the name is empty"
	case name == "." || name == "..":
		return `illegal name: "." and ".." are reserved`
	case name == "__cluster_metadata":
		return "illegal name: it is that of KRaft's own log, and brokers refuse to make it"
	case !legalName.MatchString(name):
		return "illegal name: only the letters a to z and A to Z, digits, '.', '_' and '-' are allowed"
	case len(name) > longestName:
		return fmt.Sprintf("illegal name: %d characters, Kafka allows %d", len(name), longestName)
	default:
		return ""
	}
}

// CheckName returns nil for a name that Kafka takes: [a-zA-Z0-9._-]{1,249}, not "." or "..".
func CheckName(name string) error {
	if problem := nameProblem(name); problem != "" {
		return fmt.Errorf("topic %q: %s", name, problem)
	}
	return nil
}

func (v *validator) defaults(p path, d Defaults) {
	v.counts(p, d.Partitions, d.ReplicationFactor)
	v.config(p.to("config"), d.Config)
}

// counts checks those that are declared.
func (v *validator) counts(p path, partitions, replicationFactor *int) {
	check := func(field string, count *int) {
		if count == nil {
			return
		}
		if problem := countProblem(field, *count); problem != "" {
			v.addf(p.to(field), "%s", problem)
		}
	}
	check(FieldPartitions, partitions)
	check(FieldReplicationFactor, replicationFactor)
}

// countProblem checks the range Kafka's protocol has: int32 partitions, int16 replicas.
func countProblem(field string, count int) string {
	largest := math.MaxInt32
	if field == FieldReplicationFactor {
		largest = math.MaxInt16
	}
	if count < 1 || count > largest {
		return fmt.Sprintf("%s must be between 1 and %d, got %d", field, largest, count)
	}
	return ""
}

// config checks names and values of settings.
func (v *validator) config(p path, c Config) {
	for _, key := range inFileOrder(v.spec, p, c) {
		if isThrottle(key) {
			v.addf(p.to(key), "config %q: belongs to a reassignment, which sets it and takes it off: remove the line", key)
			continue
		}
		setting, refusals, err := checkSetting(key, c[key], hintInFile)
		if err != nil {
			v.addf(p.to(key), "config %q: %s", key, err)
			continue
		}
		for _, r := range refusals {
			v.warn(p.to(key), r.kafka, fmt.Sprintf("config %q: %s", key, r))
		}
		if doubt := setting.doubt(key); doubt != "" {
			v.warn(p.to(key), "", fmt.Sprintf("config %q: %s", key, doubt))
		}
	}
}

// warn adds a warning; refusedBy is as in [Warning].
func (v *validator) warn(p path, refusedBy, message string) {
	pos, w := v.spec.at(p), Warning{RefusedBy: refusedBy}
	w.Problem = Problem{v.spec.file, pos.Line, pos.Col, p.subject() + message}
	if p[0] == "profiles" {
		w.Profile = p[1]
	}
	v.warnings = append(v.warnings, w)
}

// services checks that names are declared, when the file declares any service.
func (v *validator) services(p path, names []string) {
	seen := make(map[string]bool)
	for i, name := range names {
		at := p.to(strconv.Itoa(i))
		_, known := v.spec.Services[name]
		switch field := p[len(p)-1]; {
		case name == "":
			v.addf(at, "%s: the name of a service is empty", field)
		case seen[name]:
			v.addf(at, "%s: %q is named twice", field, name)
		case len(v.spec.Services) > 0 && !known:
			declared := slices.Sorted(maps.Keys(v.spec.Services))
			v.addf(at, "%s: service %q is not declared under services%s", field, name, didYouMean(name, declared))
		case v.spec.Services[name].Absent():
			v.addf(at, "%s: service %q has state %s", field, name, absent)
		}
		seen[name] = true
	}
}

// profile checks one profile: a topic it varies must be declared.
func (v *validator) profile(name string) {
	profile, p := v.spec.Profiles[name], path{"profiles", name}
	if name == "" {
		v.addf(p, "the name is empty")
	}
	v.defaults(p.to("defaults"), profile.Defaults)
	declared := slices.Sorted(maps.Keys(v.spec.Topics))
	for _, topic := range inFileOrder(v.spec, p.to("topics"), profile.Topics) {
		at := p.to("topics").to(topic)
		if _, ok := v.spec.Topics[topic]; !ok {
			v.addf(at, "is not declared under topics%s", didYouMean(topic, declared))
			continue
		}
		if v.spec.Topics[topic].Absent() {
			v.addf(at, "has state %s under topics, which a profile does not change", absent)
			continue
		}
		t := profile.Topics[topic]
		v.counts(at, t.Partitions, t.ReplicationFactor)
		v.config(at.to("config"), t.Config)
	}
}
