package root

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// runInProcess runs a command line that dials nothing, with one variable set.
func runInProcess(t *testing.T, variable, value string, args ...string) clitest.RunResult {
	t.Helper()
	var out, err bytes.Buffer
	a := &cli.App{Version: "dev", Streams: cli.Streams{In: strings.NewReader(""), Out: &out, Err: &err, LookupEnv: func(name string) (string, bool) {
		if name != variable {
			return "", false
		}
		return value, true
	}}}
	code := execute(t.Context(), a, args)
	return clitest.RunResult{Stdout: out.String(), Stderr: err.String(), Code: int(code)}
}

// commandPaths are all commands that take -o with a format, as words.
func commandPaths(with cli.Format) (paths [][]string) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if output := cli.OutputFlag(cmd); output != nil && output.Allows(with) {
			paths = append(paths, strings.Fields(cmd.CommandPath())[1:])
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&cli.App{}))
	return paths
}

// A usage error is one object for whoever asked for JSON, in whatever way, of any command.
// Those of consume were text.
func TestUsageErrorsAreObjects(t *testing.T) {
	t.Parallel()
	paths := commandPaths(cli.FormatJSON)
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
				var doc cli.ErrorDoc
				if err := json.Unmarshal([]byte(r.Stderr), &doc); err != nil || doc.Error.Code != int(cli.ExitUsage) || r.Code != int(cli.ExitUsage) || r.Stdout != "" {
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
			a := &cli.App{Version: "dev", Streams: cli.Streams{LookupEnv: func(string) (string, bool) { return test.env, true }}}
			args := strings.Fields(test.args)
			cmd, _, _ := newRootCmd(a).Find(args)
			if got := a.WantsJSON(cmd, args); got != test.want {
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
		code      cli.ExitCode
		stdout    string
	}{
		{"lacking", "wide", []string{"version"}, cli.ExitDone, "kafkactl dev ("},
		{"lacking, of consume", "raw", []string{"version"}, cli.ExitDone, "kafkactl dev ("},
		{"known", "json", []string{"version"}, cli.ExitDone, "{"},
		{"by a flag", "", []string{"version", "-o", "wide"}, cli.ExitUsage, ""},
		{"no format", "xml", []string{"version"}, cli.ExitUsage, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := runInProcess(t, "KAFKACTL_OUTPUT", test.env, test.args...)
			if r.Code != int(test.code) || !strings.HasPrefix(r.Stdout, test.stdout) {
				t.Error(r)
			}
		})
	}
	for _, path := range commandPaths(cli.FormatJSON) {
		t.Run(strings.Join(path, " "), func(t *testing.T) {
			t.Parallel()
			for _, preferred := range cli.AllFormats() {
				r := runInProcess(t, "KAFKACTL_OUTPUT", string(preferred), append(slices.Clone(path), "--color", "blue")...)
				if strings.Contains(r.Stderr, "KAFKACTL_OUTPUT") {
					t.Error(r)
				}
			}
		})
	}
}
