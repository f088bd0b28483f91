package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// setting is one entry of the generated table.
type setting struct {
	name, kind string
	rules      []judgement // oldest Kafka first
	broker     []string    // the brokers' names of the setting, the one that wins first
}

// judgement is how the values of one setting are judged.
type judgement struct {
	lines  []string // the Kafka lines that judge so: "3.9", "4.3"
	fields string   // as ruleFields writes it
}

// merge joins the topic settings of Kafka's releases, oldest first, into one table that is sorted
// by name. A setting whose type differs between two of them is an error: the table has one kind a
// setting.
func merge(releases ...release) ([]setting, error) {
	byName := map[string]setting{}
	for _, r := range releases {
		for _, d := range r.topics {
			s, known := byName[d.name]
			kind := kinds[d.kind]
			if kind == "" || known && s.kind != kind {
				return nil, fmt.Errorf("setting %q is of type %s in Kafka %s, which was not expected", d.name, d.kind, r.version)
			}
			fields, err := ruleFields(d.valid)
			if err != nil {
				return nil, fmt.Errorf("setting %q of Kafka %s: %w", d.name, r.version, err)
			}
			s.name, s.kind = d.name, kind
			s.rules = addJudgement(s.rules, r.line, fields)
			s.broker = addNames(s.broker, r.synonyms(d.broker))
			byName[d.name] = s
		}
	}
	settings := make([]setting, 0, len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		settings = append(settings, byName[name])
	}
	return settings, nil
}

// addJudgement adds a line of Kafka to the judgement that says the same.
func addJudgement(rules []judgement, line, fields string) []judgement {
	i := slices.IndexFunc(rules, func(j judgement) bool { return j.fields == fields })
	if i < 0 {
		return append(rules, judgement{[]string{line}, fields})
	}
	rules[i].lines = append(rules[i].lines, line)
	return rules
}

func addNames(names, more []string) []string {
	for _, name := range more {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// synonyms lists a broker's setting and those that brokers read when it is not set: the same name
// in a longer unit, as log.retention.minutes and log.retention.hours stand behind log.retention.ms.
func (r release) synonyms(broker string) []string {
	if broker == "" {
		return nil
	}
	names := []string{broker}
	stem, isTime := strings.CutSuffix(broker, ".ms")
	for _, unit := range []string{".seconds", ".minutes", ".hours"} {
		name := stem + unit
		if isTime && slices.ContainsFunc(r.brokers, func(d documented) bool { return d.name == name }) {
			names = append(names, name)
		}
	}
	return names
}

// brokerNames lists the settings of brokers that some release knows, sorted.
func brokerNames(releases ...release) []string {
	known := map[string]bool{}
	for _, r := range releases {
		for _, d := range r.brokers {
			known[d.name] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}
