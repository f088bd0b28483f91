package groups_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/kafkatest"
)

// hostile is what a client may call a group or itself, and no terminal may be given: a colour that
// this program never writes, the title, a line of its own, C1's CSI, a text turned round.
const hostile = "evil\x1b[35mred\x1b]0;title\x07\nfake  Stable  0\r\u009b2J\u202e\tend"

// hostileGroups returns the address of a Kafka with three groups: one with a hostile name and
// a member of a hostile client, one with that name and no member, and one whose name is empty.
func hostileGroups(t *testing.T) string {
	t.Helper()
	_, addrs := kafkatest.Fake(t, kfake.SeedTopics(2, "t"))
	client, err := kgo.NewClient(kgo.SeedBrokers(addrs...), kgo.ClientID(hostile), kgo.ConsumerGroup("member of "+hostile), kgo.ConsumeTopics("t"), kgo.InstanceID(hostile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.ProduceSync(t.Context(), &kgo.Record{Topic: "t", Value: []byte("x")}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	polling, stop := context.WithCancel(t.Context())
	defer stop()
	client.PollFetches(polling)
	adm := kadm.NewClient(client)
	for _, group := range []string{hostile, ""} {
		offsets := make(kadm.Offsets)
		offsets.AddOffset("t", 0, 0, -1)
		if err := adm.CommitAllOffsets(t.Context(), group, offsets); err != nil {
			t.Fatal(err)
		}
	}
	return addrs[0]
}

// unsafeIn returns what of an output would control a terminal, or be a line of its own that a name
// has made.
func unsafeIn(text string) string {
	for _, color := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m", "\x1b[1;33m"} {
		text = strings.ReplaceAll(text, color, "")
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return term.IsUnsafe(r) && r != '\n' }); i >= 0 {
		return text[i:min(i+20, len(text))]
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "fake") {
			return line
		}
	}
	return ""
}

// What strangers have called their groups and themselves is shown, and obeyed nowhere: not in
// tables, names, hints, errors or completion, with colours or without.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	addr := hostileGroups(t)
	member := "member of " + hostile
	for _, args := range [][]string{
		{"list", "groups"},
		{"list", "groups", "-o", "wide"},
		{"list", "groups", "-o", "name"},
		{"lag"},
		{"lag", "-o", "wide"},
		{"lag", "-o", "name"},
		{"lag", "--by", "topic"},
		{"lag", "--by", "partition", "-o", "wide"},
		{"lag", "--by", "member"},
		{"lag", "--by", "member", "-o", "name"},
		{"lag", hostile, member, "", "-o", "wide"},
		{"lag", "--max-lag", "0"},
		{"lag", "--max-time-lag", "1ms"},
		{"describe", "group", hostile},
		{"describe", "group", member},
		{"describe", "t"},
		{"describe", "group", hostile + "x"},
		{"reset-offsets", member, "--topic", "t", "--to-end", "--execute"},
		{"reset-offsets", hostile, "--topic", "t", "--to-end"},
		{"reset-offsets", hostile + "x", "--topic", "t", "--to-end"},
		{"delete", "group", member, "--yes"},
		{"consume", "t", "--group", member},
		{"__complete", "lag", ""},
		{"__complete", "describe", "group", "e"},
		{"__complete", "consume", "t", "--group", ""},
	} {
		for _, color := range []string{"never", "always"} {
			t.Run(strings.Join(args, " ")+" "+color, func(t *testing.T) {
				t.Parallel()
				args := slices.Clone(args)
				if args[0] != "__complete" {
					args = append(args, "-b", addr, "--color", color)
				}
				cmd, result := clitest.Program(t, args...)
				cmd.Env = append(cmd.Env, "KAFKACTL_BROKERS="+addr, "KAFKACTL_COMPLETION_TIMEOUT=20s")
				r := result(cmd.Run())
				if r.Code == int(cli.ExitUsage) {
					t.Fatal(r)
				}
				for stream, text := range map[string]string{"stdout": r.Stdout, "stderr": r.Stderr} {
					if found := unsafeIn(text); found != "" {
						t.Errorf("%s has %q in:\n%q", stream, found, text)
					}
				}
				if color == "never" && args[0] != "__complete" && strings.Contains(r.Stdout+r.Stderr, "\x1b") {
					t.Errorf("an escape sequence: %v", r)
				}
			})
		}
	}
}

// JSON keeps every name as it is, and a group that is called nothing is one like the others.
func TestNamesAreWhole(t *testing.T) {
	t.Parallel()
	addr := hostileGroups(t)
	run := func(args ...string) clitest.RunResult {
		t.Helper()
		return clitest.Kafkactl(t, append(args, "-b", addr)...)
	}
	var list struct {
		Groups []struct{ Group string }
	}
	if err := json.Unmarshal([]byte(run("list", "groups", "-o", "json").Stdout), &list); err != nil {
		t.Fatal(err)
	}
	got := make(map[string]bool)
	for _, g := range list.Groups {
		got[g.Group] = true
	}
	if diff := cmp.Diff(map[string]bool{"": true, hostile: true, "member of " + hostile: true}, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	run("list", "groups", "-o", "name").Want(t, cli.ExitDone, `^""$`, `^"evil\\u001b\[35mred\\u001b\]0;title\\u0007\\nfake  Stable  0\\r\\u009b2J\\u202e\\tend"$`)
	run("describe", "group", "").Want(t, cli.ExitDone, `^"": Empty, no members`)
	run("lag", "").Want(t, cli.ExitDone, `^"": Empty, no members, lag \d+$`)
	run("reset-offsets", "", "--all-topics", "--to-end", "--execute").Want(t, cli.ExitDone, `^t +0 +0 +\d+ +(moved|unchanged)$`, `^"": `)
	run("delete", "group", "", hostile, "--yes").Want(t, cli.ExitDone, `^- "" +deleted$`, `^2 groups: 2 deleted`)
	run("delete", "group", "", "--yes").Want(t, cli.ExitNotFound)
	run("reset-offsets", "", "--topic", "t", "--to-end", "--execute").Want(t, cli.ExitNotFound) // a variable that was not set makes no group
	run("consume", "t", "--group", "").Want(t, cli.ExitUsage)
}
