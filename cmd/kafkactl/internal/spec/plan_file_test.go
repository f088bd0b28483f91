package spec

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/cmd/kafkactl/internal/changes"
	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// A plan file has every field of the document that plan -o json prints, with the same value: who reads the one can
// read the other.
func TestPlanFileIsThePlanDocument(t *testing.T) {
	t.Parallel()
	desired := []topicspec.Desired{{Name: "a", Partitions: 3, Config: topicspec.Config{}}}
	plan := topicspec.Diff(desired, map[string]topicspec.Observed{"a": {Replicas: []int{1}, Moves: map[int]topicspec.Move{0: {Adding: []int{2}}}, Config: map[string]topicspec.ObservedSetting{
		"retention.ms": {Value: "5", Override: true},
	}}})
	plan.ClusterID = "cluster"
	principal := &topicspec.AccessSubject{Principal: "User:a", Service: "A", Reasons: []string{}}
	plan.Changes = append(plan.Changes, topicspec.Change{Kind: topicspec.KindUser, Field: "SCRAM-SHA-512", Action: topicspec.Create, After: topicspec.Count(4096), Access: principal})
	plan.Access = &topicspec.AccessCompared{Services: 1, Extras: []topicspec.Extra{}, Notes: []string{}}
	access := topicspec.DesiredAccess{ACLs: topicspec.ACLsAuto, Services: []topicspec.DesiredService{{Name: "A", Principal: "User:a", Hosts: []string{"*"}}}}
	name := filepath.Join(t.TempDir(), "plan.json")
	o := planOptions{out: name, spec: cli.SpecFlags{File: "topics.yaml"}}
	if err := o.save(cli.Declared{Topics: desired, Access: access}, admin.Planned{Plan: plan, Seen: []topicspec.Seen{{Name: "a", Exists: true, ID: "X"}}}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	printed, err := json.Marshal(changes.NewPlanDoc(plan))
	if err != nil {
		t.Fatal(err)
	}
	var saved, doc map[string]any
	if err := json.Unmarshal(text, &saved); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(printed, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc) < 9 {
		t.Errorf("a document of %d fields: %s", len(doc), printed)
	}
	for field, value := range doc {
		if diff := cmp.Diff(value, saved[field]); diff != "" {
			t.Errorf("%s (-printed +saved):\n%s", field, diff)
		}
	}
}

// A plan for a cluster without an id could be made on any: it is not saved.
func TestPlanFileNeedsACluster(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "plan.json")
	o := planOptions{out: name}
	if err := o.save(cli.Declared{}, admin.Planned{}); cli.CodeOf(err) != cli.ExitUsage {
		t.Errorf("exit %d: %v", cli.CodeOf(err), err)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("it is there all the same")
	}
}

// Where topics have no ids, a plan takes one that was made again for the same: plan says so.
func TestPlanFileWithoutIDs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		seen topicspec.Seen
		said bool
	}{
		{"an id", topicspec.Seen{Name: "a", Exists: true, ID: "X"}, false},
		{"no id", topicspec.Seen{Name: "a", Exists: true}, true},
		{"no topic", topicspec.Seen{Name: "a"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			o := planOptions{app: &cli.App{Streams: cli.Streams{Err: &stderr}}, out: filepath.Join(t.TempDir(), "plan.json")}
			plan := admin.Planned{Plan: topicspec.Plan{ClusterID: "cluster", Topics: 1}, Seen: []topicspec.Seen{test.seen}}
			if err := o.save(cli.Declared{Topics: []topicspec.Desired{{Name: "a"}}}, plan); err != nil {
				t.Fatal(err)
			}
			if said := strings.Contains(stderr.String(), "no topic ids"); said != test.said {
				t.Errorf("stderr: %q", stderr.String())
			}
		})
	}
}
