package topicspec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What loses records, or stops writes, with one broker is warned of where the file decides it, once, and only
// under the profile where it is so.
func TestDurability(t *testing.T) {
	t.Parallel()
	const document = `version: 1
defaults: {replicationFactor: 1, config: {min.insync.replicas: 1}}
topics:
  a: {config: {cleanup.policy: compact, retention.ms: 7d}}
  b: {config: {cleanup.policy: "compact,delete", retention.ms: 7d, unclean.leader.election.enable: true}}
  c: {replicationFactor: 2, config: {min.insync.replicas: 2}}
profiles:
  production:
    defaults: {replicationFactor: 3}
  strict:
    defaults: {replicationFactor: 3, config: {min.insync.replicas: 3}}
    topics:
      a: {config: {min.insync.replicas: 2}}
`
	spec, err := Parse(strings.NewReader(document), Source{File: "f"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range spec.Warnings() {
		got = append(got, fmt.Sprintf("%s|%s", w.Profile, w))
	}
	want := []string{
		`|f:4:41: topic "a": retention.ms has no effect with cleanup.policy compact: write compact,delete for both`,
		`production|f:5:68: topic "b": unclean.leader.election.enable is on: a replica that lacks records may become the leader, and they are lost (with profile "production")`,
		`strict|f:5:68: topic "b": unclean.leader.election.enable is on: a replica that lacks records may become the leader, and they are lost (with profile "strict")`,
		`production|f:6:26: topic "c": replicationFactor 2, and other topics have 3: fewer brokers can stop before its records are away (with profile "production")`,
		`strict|f:6:26: topic "c": replicationFactor 2, and other topics have 3: fewer brokers can stop before its records are away (with profile "strict")`,
		`|f:6:38: topic "c": min.insync.replicas is as high as replicationFactor 2: one broker that stops, stops writes with acks=all`,
		`production|f:9:35: profile "production": defaults: min.insync.replicas 1 with replicationFactor 3: a record that only one broker has counts as written`,
		`strict|f:11:47: profile "strict": defaults: min.insync.replicas is as high as replicationFactor 3: one broker that stops, stops writes with acks=all`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
