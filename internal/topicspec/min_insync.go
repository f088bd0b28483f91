package topicspec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const minInSyncReplicas = "min.insync.replicas"

// minInSyncProblem returns why min.insync.replicas can never be reached, "" when it can or when the
// broker decides about either number. Kafka takes such a topic without complaint, and then no write
// with acks=all ever succeeds.
func (d Desired) minInSyncProblem() string {
	minimum, err := strconv.Atoi(strings.TrimSpace(d.Config[minInSyncReplicas].Value))
	if err != nil || d.ReplicationFactor == 0 || minimum <= d.ReplicationFactor {
		return ""
	}
	return fmt.Sprintf("min.insync.replicas %d is more than replicationFactor %d: no write with acks=all could succeed", minimum, d.ReplicationFactor)
}

// minInSync checks every topic, as written and under each profile.
func (v *validator) minInSync() {
	profiles := inFileOrder(v.spec, path{"profiles"}, v.spec.Profiles)
	for _, profile := range append([]string{""}, profiles...) {
		if v.spec.unset[profile] != nil {
			continue // it may be the missing variable that makes the two fit
		}
		for _, d := range v.spec.fold(profile) {
			problem := d.minInSyncProblem()
			if problem == "" {
				continue
			}
			place, varied := v.spec.clash(profile, d.Name)
			if profile != "" && !varied {
				continue // reported already for the topic as written
			}
			if profile != "" && place[0] != "profiles" {
				problem += fmt.Sprintf(" (with profile %q)", profile)
			}
			v.addf(place, "%s", problem)
		}
	}
}

// clash returns the more specific of the two places where the file decides about
// min.insync.replicas and replicationFactor of topic, so that one wrong default is one problem;
// varied reports whether the profile has a part in it.
func (s *Spec) clash(profile, topic string) (place path, varied bool) {
	levels := []path{{"profiles", profile, "topics", topic}, {"topics", topic}, {"profiles", profile, "defaults"}, {"defaults"}}
	most := len(levels)
	for _, field := range []path{{"config", minInSyncReplicas}, {FieldReplicationFactor}} {
		i := slices.IndexFunc(levels, func(level path) bool { return s.has(level.to(field...)) })
		varied = varied || levels[i][0] == "profiles"
		if i < most {
			most, place = i, levels[i].to(field...)
		}
	}
	return place, varied
}
