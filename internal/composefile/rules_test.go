package composefile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fault is a good file with something changed in it, and what must be found then.
type fault struct {
	name  string
	base  string   // of testdata/silent
	edits []string // old, new, old, new: each old must be there
	want  []string // "LINE:COLUMN SERVICE [RULE] MESSAGE", or "… [RULE, advice] …", then "fix: FIX"; none for a near-miss
}

// Bases of faults.
const (
	zooStack     = "zookeeper.yaml"
	kraftStack   = "kraft.yaml"
	clusterStack = "cluster.yaml"

	isolatedStack = "isolated.yaml"
	quorumStack   = "quorum.yaml"

	secureStack    = "secure.yaml"
	secureZooStack = "secure-zookeeper.yaml"
)

// runFaults diagnoses each fault's file and compares all that is found.
func runFaults(t *testing.T, faults []fault) {
	t.Helper()
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata", "silent", f.base))
			if err != nil {
				t.Fatal(err)
			}
			edited := string(text)
			for i := 0; i < len(f.edits); i += 2 {
				if !strings.Contains(edited, f.edits[i]) {
					t.Fatalf("%s has no %q", f.base, f.edits[i])
				}
				edited = strings.Replace(edited, f.edits[i], f.edits[i+1], 1)
			}
			if diff := cmp.Diff(f.want, diagnose(t, edited)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// diagnose writes files into a directory of their own, compose.yaml first, and returns
// what is found in them.
func diagnose(t *testing.T, files ...string) []string {
	t.Helper()
	stack := load(t, files...)
	var lines []string
	for _, f := range stack.Diagnose() {
		place := fmt.Sprintf("%d:%d", f.Line, f.Column)
		if name := filepath.Base(f.File); name != "compose.yaml" {
			place = name + ":" + place
		}
		lines = append(lines, fmt.Sprintf("%s %s [%s] %s", place, f.Service, label(f), f.Message), "fix: "+f.Fix)
	}
	return lines
}

// label is the rule of a finding, with its level unless it is a fault.
func label(f Finding) string {
	if f.Level == Fault {
		return f.Rule
	}
	return fmt.Sprintf("%s, %s", f.Rule, f.Level)
}

// load reads files as one project: compose.yaml and override-N.yaml.
func load(t *testing.T, files ...string) *Stack {
	t.Helper()
	dir, names := t.TempDir(), make([]string, len(files))
	for i, text := range files {
		names[i] = filepath.Join(dir, "compose.yaml")
		if i > 0 {
			names[i] = filepath.Join(dir, fmt.Sprintf("override-%d.yaml", i))
		}
		if err := os.WriteFile(names[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stack, err := Load(context.Background(), Options{Files: names})
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

// TestSilent pins that what the project ships has no finding.
func TestSilent(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "silent", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			stack, err := Load(context.Background(), Options{Files: []string{file}})
			if err != nil {
				t.Fatal(err)
			}
			if !stack.HasKafka() {
				t.Error("no Kafka in it")
			}
			if diff := cmp.Diff([]Finding(nil), stack.Diagnose()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRuleIDs pins that ids are unique, as they are what a reader looks a finding up by; that the
// guide has each; and that each has a planted fault, which fails when the rule is switched off: the
// tables compare everything that is found.
func TestRuleIDs(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "guide", "doctor.md"))
	if err != nil {
		t.Fatal(err)
	}
	tests, err := filepath.Glob("rules_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var planted strings.Builder
	for _, file := range tests {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		planted.Write(text)
	}
	seen := make(map[string]bool)
	for _, rule := range rules() {
		if seen[rule.id] {
			t.Errorf("two rules are called %s", rule.id)
		}
		seen[rule.id] = true
		if !strings.Contains(string(guide), "`"+rule.id+"`") {
			t.Errorf("the guide has no %s", rule.id)
		}
		if !strings.Contains(planted.String(), " ["+rule.id+"] ") && !strings.Contains(planted.String(), " ["+rule.id+", advice] ") {
			t.Errorf("no test plants a fault for %s", rule.id)
		}
		checkLevels(t, rule.id, planted.String(), string(guide))
	}
}

// checkLevels compares the guide's table of levels with what the planted faults of a rule are found
// as: only faults is not in it, only advice is in its first row, both is below.
func checkLevels(t *testing.T, id, planted, guide string) {
	t.Helper()
	_, table, found := strings.Cut(guide, "| level | rules |")
	table, _, ended := strings.Cut(table, "\n\n")
	if !found || !ended {
		t.Fatal("the guide has no table of levels")
	}
	advice, both, _ := strings.Cut(strings.TrimPrefix(table, "\n|---|---|\n"), "\n")
	quoted := "`" + id + "`"
	want := [2]bool{strings.Contains(advice, quoted), strings.Contains(both, quoted)}
	asFault, asAdvice := strings.Contains(planted, " ["+id+"] "), strings.Contains(planted, " ["+id+", advice] ")
	if got := [2]bool{asAdvice && !asFault, asAdvice && asFault}; got != want {
		t.Errorf("%s: only advice, both: planted %v, the guide says %v", id, got, want)
	}
}
