package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// runInProcess runs a command line that dials nothing, with one variable set.
func runInProcess(t *testing.T, variable, value string, args ...string) runResult {
	t.Helper()
	var out, err bytes.Buffer
	a := &app{streams: streams{in: strings.NewReader(""), out: &out, err: &err, lookupEnv: func(name string) (string, bool) {
		if name != variable {
			return "", false
		}
		return value, true
	}}}
	code := a.execute(t.Context(), args)
	return runResult{stdout: out.String(), stderr: err.String(), code: int(code)}
}

// commandPaths are all commands that take -o with a format, as words.
func commandPaths(with format) (paths [][]string) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if output := outputOf(cmd); output != nil && slices.Contains(output.allowed, with) {
			paths = append(paths, strings.Fields(cmd.CommandPath())[1:])
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&app{}))
	return paths
}

// A usage error is one object for whoever asked for JSON, in whatever way, of any command.
// Those of consume were text.
func TestUsageErrorsAreObjects(t *testing.T) {
	t.Parallel()
	paths := commandPaths(formatJSON)
	if len(paths) < 15 {
		t.Errorf("only %d commands know JSON", len(paths))
	}
	for _, path := range paths {
		for _, test := range []struct {
			name, env string
			args      []string
		}{
			{"before", "", []string{"-o", "json", "--nope"}},
			{"behind", "", []string{"--nope", "--output", "json"}},
			{"joined", "", []string{"--nope", "-o=json"}},
			{"close", "", []string{"-ojson", "--nope"}},
			{"the last counts", "table", []string{"-o", "yaml", "--nope", "-o", "json"}},
			{"variable", "json", []string{"--nope"}},
			{"colour", "json", []string{"--color", "blue"}},
			{"colour, understood", "", []string{"--color", "blue", "-o", "json"}},
		} {
			t.Run(strings.Join(path, " ")+" "+test.name, func(t *testing.T) {
				t.Parallel()
				r := runInProcess(t, "KAFKACTL_OUTPUT", test.env, append(slices.Clone(path), test.args...)...)
				var doc errorDoc
				if err := json.Unmarshal([]byte(r.stderr), &doc); err != nil || doc.Error.Code != int(exitUsage) || r.code != int(exitUsage) || r.stdout != "" {
					t.Errorf("%v: %v", err, r)
				}
			})
		}
	}
}

func TestWantsJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, env, args string
		want            bool
	}{
		{"nothing", "", "consume t", false},
		{"preference", "json", "consume t", true},
		{"flag over preference", "json", "consume t -o value", false},
		{"behind a letter", "", "consume t -fo json", true},
		{"close behind a letter", "", "consume t -fojson", true},
		{"a file of that name", "", "apply -fo json", false},
		{"the value of another flag", "", "produce t --data -o json", false},
		{"the value of another letter", "", "consume t -g -ojson", false},
		{"the command's own", "", "wait -- -o json", false},
		{"no such command", "json", "nope", true},
		{"no such command, flag", "", "nope -o json", true},
		{"a command without formats", "json", "dev --nope", false},
		{"nothing behind it", "", "list -o", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := &app{streams: streams{lookupEnv: func(string) (string, bool) { return test.env, true }}}
			args := strings.Fields(test.args)
			cmd, _, _ := newRootCmd(a).Find(args)
			if got := a.wantsJSON(cmd, args); got != test.want {
				t.Errorf("%q: %v", test.args, got)
			}
		})
	}
}

// A preference that a command lacks leaves its default, whatever the command; a flag does
// not, nor does a word that is no format at all.
func TestOutputPreference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, env string
		args      []string
		code      exitCode
		stdout    string
	}{
		{"lacking", "wide", []string{"version"}, exitDone, "kafkactl dev ("},
		{"lacking, of consume", "raw", []string{"version"}, exitDone, "kafkactl dev ("},
		{"known", "json", []string{"version"}, exitDone, "{"},
		{"by a flag", "", []string{"version", "-o", "wide"}, exitUsage, ""},
		{"no format", "xml", []string{"version"}, exitUsage, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := runInProcess(t, "KAFKACTL_OUTPUT", test.env, test.args...)
			if r.code != int(test.code) || !strings.HasPrefix(r.stdout, test.stdout) {
				t.Error(r)
			}
		})
	}
	for _, path := range commandPaths(formatJSON) {
		t.Run(strings.Join(path, " "), func(t *testing.T) {
			t.Parallel()
			for _, preferred := range allFormats() {
				r := runInProcess(t, "KAFKACTL_OUTPUT", string(preferred), append(slices.Clone(path), "--color", "blue")...)
				if strings.Contains(r.stderr, "KAFKACTL_OUTPUT") {
					t.Error(r)
				}
			}
		})
	}
}
