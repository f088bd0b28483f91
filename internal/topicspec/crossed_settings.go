package topicspec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The settings that limit each other.
const (
	minInSyncReplicas = "min.insync.replicas"
	minCompactionLag  = "min.compaction.lag.ms"
	maxCompactionLag  = "max.compaction.lag.ms"
	cleanupPolicy     = "cleanup.policy"
	remoteStorage     = "remote.storage.enable"
	remoteCopyDisable = "remote.log.copy.disable"
	uncleanElection   = "unclean.leader.election.enable"
)

// crossing is a rule about several fields of one topic, each of which is right by itself. It holds
// only where the topic declares all that it needs: the brokers' defaults are not known here.
type crossing struct {
	fields  []path // what it is about, as places inside a topic; its problem stands at one of them
	problem func(Desired) string
	warns   bool // Kafka takes it
}

// crossings are the rules, by which Kafka refuses a topic (its LogConfig), but for the first.
func crossings() []crossing {
	setting := func(name string) path { return path{"config", name} }
	rules := []crossing{
		{[]path{setting(minInSyncReplicas), {FieldReplicationFactor}}, Desired.minInSyncProblem, false},
		{[]path{setting(minCompactionLag), setting(maxCompactionLag)}, Desired.compactionLagProblem, false},
		{[]path{setting(cleanupPolicy), setting(remoteStorage)}, Desired.remoteCompactProblem, false},
	}
	for _, unit := range []string{"ms", "bytes"} {
		rules = append(rules, crossing{
			[]path{setting("local.retention." + unit), setting("retention." + unit), setting(remoteCopyDisable), setting(remoteStorage)},
			func(d Desired) string { return d.localRetentionProblem(unit) },
			false,
		})
	}
	return rules
}

// minInSyncProblem returns what is wrong with a min.insync.replicas above the replication factor, "" when it
// is not above or when the broker decides about either number. Kafka takes such a topic without complaint,
// and counts the replicas there are instead, also those that a reassignment only begins to fill.
func (d Desired) minInSyncProblem() string {
	minimum, err := strconv.Atoi(strings.TrimSpace(d.Config[minInSyncReplicas].Value))
	if err != nil || d.ReplicationFactor == 0 || minimum <= d.ReplicationFactor {
		return ""
	}
	return fmt.Sprintf("min.insync.replicas %d is more than replicationFactor %d: it protects nothing more, and stops writes with acks=all while replicas are added", minimum, d.ReplicationFactor)
}

func (d Desired) compactionLagProblem() string {
	minimum, declared := d.number(minCompactionLag)
	maximum, too := d.number(maxCompactionLag)
	if !declared || !too || minimum <= maximum {
		return ""
	}
	return fmt.Sprintf("%s %s is more than %s %s: Kafka refuses it", minCompactionLag, d.Config[minCompactionLag].Value,
		maxCompactionLag, d.Config[maxCompactionLag].Value)
}

// remoteCompactProblem is of tiered storage, which knows no compaction.
func (d Desired) remoteCompactProblem() string {
	if !d.isOn(remoteStorage) || !slices.Contains(listItems(d.Config[cleanupPolicy].Value), "compact") {
		return ""
	}
	return fmt.Sprintf("%s: Kafka compacts no topic with %s", cleanupPolicy, remoteStorage)
}

// localRetentionProblem is of tiered storage: what the broker itself keeps is part of what is kept
// (-2 is all of it, -1 no limit), and all of it when nothing is copied any more.
func (d Desired) localRetentionProblem(unit string) string {
	name := "local.retention." + unit
	local, declared := d.number(name)
	whole, too := d.number("retention." + unit)
	if !d.isOn(remoteStorage) || !declared || !too || local == -2 {
		return ""
	}
	got := fmt.Sprintf("%s %s with retention.%s %s", name, d.Config[name].Value, unit, d.Config["retention."+unit].Value)
	switch {
	case whole >= 0 && (local == -1 || local > whole):
		return got + ": Kafka refuses to keep more on the broker than in all"
	case d.isOn(remoteCopyDisable) && local != whole:
		return got + ": with " + remoteCopyDisable + " Kafka wants both alike"
	default:
		return ""
	}
}

// number is the declared value of a setting; ok is false where it has none, or one that is refused.
func (d Desired) number(key string) (n int64, ok bool) {
	setting, declared := d.Config[key]
	if !declared || setting.Unset {
		return 0, false
	}
	value, err := canonical(key, setting.Value)
	if err != nil {
		return 0, false
	}
	n, err = strconv.ParseInt(value, 10, 64)
	return n, err == nil
}

func (d Desired) isOn(key string) bool {
	return strings.EqualFold(strings.TrimSpace(d.Config[key].Value), "true")
}

// crossed checks every topic against the rules, as written and under each profile.
func (v *validator) crossed() {
	profiles := inFileOrder(v.spec, path{"profiles"}, v.spec.Profiles)
	type told struct{ topic, problem string }
	asWritten := make(map[told]bool)
	for _, profile := range append([]string{""}, profiles...) {
		if v.spec.unset[profile] != nil {
			continue // it may be the missing variable that makes the two fit
		}
		desired := v.spec.fold(profile)
		most := 0
		for _, d := range desired {
			most = max(most, d.ReplicationFactor)
		}
		rules := crossings()
		for _, r := range durabilityRules(extent{factor: most}) {
			rules = append(rules, crossing{r.fields, r.doubt, true})
		}
		for _, d := range desired {
			for _, c := range rules {
				problem := c.problem(d)
				if problem == "" {
					continue
				}
				known := told{d.Name, problem}
				place, varied := v.spec.decides(profile, d.Name, c.fields)
				if varied || !asWritten[known] {
					v.clash(profile, place, c.warns, problem)
				}
				asWritten[known] = asWritten[known] || profile == ""
			}
		}
	}
}

// clash adds what a rule has found, once a place: one wrong default is one problem.
func (v *validator) clash(profile string, place path, warns bool, problem string) {
	if profile != "" && place[0] != "profiles" {
		problem += fmt.Sprintf(" (with profile %q)", profile)
	}
	if !warns {
		v.addf(place, "%s", problem)
		return
	}
	pos := v.spec.at(place)
	warning := Warning{Problem: Problem{v.spec.file, pos.Line, pos.Col, place.subject() + problem}, Profile: profile}
	if !slices.Contains(v.warnings, warning) {
		v.warnings = append(v.warnings, warning)
	}
}

// decides returns the most specific of the places where the file decides about the fields of topic;
// varied reports whether the profile has a part in it.
func (s *Spec) decides(profile, topic string, fields []path) (place path, varied bool) {
	levels := []path{{"profiles", profile, "topics", topic}, {"topics", topic}, {"profiles", profile, "defaults"}, {"defaults"}}
	most := len(levels)
	for _, field := range fields {
		i := slices.IndexFunc(levels, func(level path) bool { return s.has(level.to(field...)) })
		if i < 0 {
			continue // not declared at all
		}
		varied = varied || levels[i][0] == "profiles"
		if i < most {
			most, place = i, levels[i].to(field...)
		}
	}
	return place, varied
}
