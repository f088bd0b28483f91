package root

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/cmd/kafkactl/internal/cli"
)

// What a flag for a number means when it is 0, and when it is -1.
const (
	refused = "refused" // a usage error that names the flag
	taken   = "taken"   // a number like any other
)

// numberFlags is every flag of every command that takes a number or a duration. A 0 that was given
// is never read as a flag that was not. The scripts have what the numbers that are taken do.
func numberFlags() map[string][2]string {
	flags := map[string][2]string{
		"apply --move-timeout":        {taken, refused}, // no limit
		"consume --count":             {taken, refused}, // prints none
		"consume --expect":            {taken, refused}, // none may come
		"consume --lateness":          {taken, refused}, // reading ends with the first record that is too new
		"consume --tail":              {taken, refused}, // none of those that are there
		"consume --partition":         {taken, refused},
		"produce --partition":         {taken, refused},
		"produce --repeat":            {refused, refused},
		"produce --rate":              {refused, refused},
		"lag --max-lag":               {taken, refused},
		"lag --max-time-lag":          {refused, refused},
		"lag --watch":                 {refused, refused},
		"reset-offsets --to-offset":   {taken, refused},
		"reset-offsets --shift":       {refused, taken},
		"create --partitions":         {refused, refused},
		"create --replication-factor": {refused, refused},
		"alter --partitions":          {refused, refused},
		"dev --port":                  {taken, refused}, // a free port
		"certs --days":                {refused, refused},
		"certs --renew-days":          {taken, refused}, // only what has ended
	}
	for _, command := range []string{"apply", "plan", "wait", "health"} {
		flags[command+" --min-brokers"] = [2]string{refused, refused}
	}
	for _, command := range []string{
		"apply", "plan", "wait", "health", "consume", "produce", "lag", "reset-offsets", "create", "alter", "delete", "delete group", "export",
		"list", "list groups", "list acls", "describe", "describe group", "describe access", "whoami", "can",
	} {
		flags[command+" --timeout"] = [2]string{refused, refused}
	}
	return flags
}

// numberFlagsOf returns the flags of a command, and of those below it, that take a number or a
// duration.
func numberFlagsOf(cmd *cobra.Command) (names []string) {
	if cmd.Runnable() {
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			kind := strings.TrimSuffix(flag.Value.Type(), "Slice")
			if strings.HasPrefix(kind, "int") || strings.HasPrefix(kind, "uint") || strings.HasPrefix(kind, "float") || kind == "duration" || kind == "count" {
				names = append(names, strings.TrimPrefix(cmd.CommandPath(), "kafkactl ")+" --"+flag.Name)
			}
		})
	}
	for _, sub := range cmd.Commands() {
		names = append(names, numberFlagsOf(sub)...)
	}
	return names
}

// givenWith returns what a command needs beside the flag.
func givenWith(command, flag string) []string {
	switch command {
	case "apply", "plan", "wait", "health", "list", "list groups", "list acls", "lag", "whoami":
		return nil
	case "can":
		return []string{"User:x", "read", "topic", "x"}
	case "dev":
		return []string{"--no-apply"}
	case "certs":
		return []string{"--check", "--client", "x"}
	case "delete", "delete group":
		return []string{"x", "--yes"}
	case "alter":
		return []string{"x", "--config", "retention.ms=1h"}
	case "produce":
		return []string{"x", "--template", "y"}
	case "reset-offsets":
		if flag == "--timeout" {
			return []string{"x", "--topic", "t", "--to-end"}
		}
		return []string{"x", "--topic", "t"}
	case "consume":
		if flag == "--lateness" {
			return []string{"x", "--until", "2026-01-01"}
		}
		return []string{"x"}
	default:
		return []string{"x"}
	}
}

// Zero is a number: every flag for one either takes it or refuses it, and none takes it for a flag
// that was not given. consume --tail 0 printed everything, --expect 0 ten records.
func TestZeroIsNotNotGiven(t *testing.T) {
	t.Parallel()
	want := numberFlags()
	all := numberFlagsOf(newRootCmd(&cli.App{}))
	slices.Sort(all)
	var decided []string
	for name := range want {
		decided = append(decided, name)
	}
	slices.Sort(decided)
	if diff := cmp.Diff(decided, all); diff != "" {
		t.Fatalf("say what 0 means (-decided +there):\n%s", diff)
	}
	for name, means := range want {
		i := strings.Index(name, " --")
		command, flag := name[:i], name[i+1:]
		for k, value := range []string{"0", "-1"} {
			if strings.HasSuffix(name, "timeout") || strings.HasSuffix(name, "--watch") || strings.HasSuffix(name, "--lateness") || strings.HasSuffix(name, "-lag") && strings.Contains(name, "time") {
				value += "s"
			}
			if name == "dev --port" && value == "0" {
				continue // it would run: script dev
			}
			t.Run(name+"="+value, func(t *testing.T) {
				t.Parallel()
				args := slices.Concat(strings.Fields(command), givenWith(command, flag), []string{flag + "=" + value})
				if command != "dev" && command != "certs" { // which ask no broker
					args = append(args, "-b", "127.0.0.1:1")
					if flag != "--timeout" {
						args = append(args, "--timeout", "100ms")
					}
				}
				r := runInProcess(t, "", "", args...)
				isRefused := r.Code == int(cli.ExitUsage) && strings.Contains(r.Stderr, strings.TrimPrefix(flag, "--"))
				if isRefused != (means[k] == refused) {
					t.Errorf("exit %d, want it %s:\n%s", r.Code, means[k], r.Stderr)
				}
			})
		}
	}
}
