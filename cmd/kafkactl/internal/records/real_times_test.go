package records

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
	"kafkactl/internal/kafkatest"
)

// wildTimes are timestamps, as text and as they are shown in UTC, and where a reset to that time
// goes in a log that holds them in this order.
var wildTimes = []struct {
	ms, shown string
	to        int
}{
	{"0", `"1970-01-01T00:00:00.000Z"`, 0},
	{"-1", `"1969-12-31T23:59:59.999Z"`, 0},
	{"-2", `"1969-12-31T23:59:59.998Z"`, 0},
	{"-3", `"1969-12-31T23:59:59.997Z"`, 0},
	{"1", `"1970-01-01T00:00:00.001Z"`, 4},
	{"-62135596800000", `"0001-01-01T00:00:00.000Z"`, 0},
	{"-9223372036854775808", `-9223372036854775808`, 0},
	{"1790000000123456", `"+058692-11-03T14:15:23.456Z"`, 7},
	{"1790000000123456789", `1790000000123456789`, 8},
	{"9223372036854775807", `9223372036854775807`, 9},
}

// inZone runs the program in a time zone.
func inZone(t *testing.T, zone, input string, args ...string) clitest.RunResult {
	t.Helper()
	cmd, result := clitest.Program(t, args...)
	cmd.Env, cmd.Stdin = append(cmd.Env, "TZ="+zone), strings.NewReader(input)
	return result(cmd.Run())
}

// Every timestamp of 64 bits goes through produce, the log as Apache's consumer reads it, consume,
// and a replay, as what it is, in every zone; and a group is moved to it or, for one before 1970,
// to the start of the log.
func TestRealTimes(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	var topics, logged []string // of all zones: Apache's consumer takes seconds to start
	for _, zone := range []string{"UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"} {
		t.Run(zone, func(t *testing.T) {
			name := "times-" + strings.ToLower(filepath.Base(zone))
			for _, topic := range []string{name, name + "-copy"} {
				createTopic(t, c, topic, 1, "message.timestamp.before.max.ms=9223372036854775807", "message.timestamp.after.max.ms=9223372036854775807", "retention.ms=-1")
			}
			var lines, shown []string
			for _, at := range wildTimes {
				lines = append(lines, fmt.Sprintf(`{"timestamp":%s,"value":%q}`, at.ms, zone))
				shown = append(shown, at.shown)
				for range 2 { // in the topic and in its copy
					logged = append(logged, fmt.Sprintf("CreateTime:%s\t%s", at.ms, zone))
				}
			}
			topics = append(topics, name, name+"-copy")
			run := func(input string, args ...string) clitest.RunResult {
				t.Helper()
				return inZone(t, zone, input, append(args, "-b", c.Bootstrap())...)
			}
			sent := run(strings.Join(lines, "\n"), "produce", name, "--input", "json", "-o", "json")
			sent.Want(t, cli.ExitDone)
			stampsOf := func(text string) (stamps []string) {
				t.Helper()
				for line := range strings.Lines(text) {
					var record struct{ Timestamp json.RawMessage }
					if err := json.Unmarshal([]byte(line), &record); err != nil {
						t.Fatal(err)
					}
					stamps = append(stamps, string(record.Timestamp))
				}
				return stamps
			}
			if diff := cmp.Diff(shown, stampsOf(sent.Stdout)); diff != "" {
				t.Errorf("produce -o json (-want +got):\n%s", diff)
			}
			read := run("", "consume", name, "--from-beginning", "-o", "json")
			if diff := cmp.Diff(shown, stampsOf(read.Stdout)); diff != "" {
				t.Errorf("consume (-want +got):\n%s", diff)
			}
			run(read.Stdout, "produce", name+"-copy", "--input", "json").Want(t, cli.ExitDone)
			checkResets(t, run, name)
		})
	}
	slices.Sort(logged)
	if diff := cmp.Diff(logged, apacheTimes(t, c, topics, len(logged))); diff != "" {
		t.Errorf("in the logs, as Apache's consumer reads them (-want +got):\n%s", diff)
	}
}

// checkResets moves a group to each of the times, and looks at its lag there.
func checkResets(t *testing.T, run func(string, ...string) clitest.RunResult, topic string) {
	t.Helper()
	for i, at := range wildTimes {
		text := strings.Trim(at.shown, `"`)
		r := run("", "reset-offsets", "g-"+topic, "--topic", topic, "--to-time", text, "--execute", "-o", "json")
		var plan struct{ Partitions []struct{ To int } }
		if err := json.Unmarshal([]byte(r.Stdout), &plan); err != nil || len(plan.Partitions) != 1 {
			t.Fatalf("%s: %v", text, r)
		}
		if to := plan.Partitions[0].To; to != at.to {
			t.Errorf("a reset to %s goes to offset %d, want %d", text, to, at.to)
		}
		run("", "reset-offsets", "g-"+topic, "--topic", topic, "--to-offset", fmt.Sprint(i), "--execute").Want(t, cli.ExitDone)
		lag := run("", "lag", "g-"+topic, "-o", "json")
		var doc struct {
			Groups []struct{ Partitions []struct{ TimeLagMs *int64 } }
		}
		if err := json.Unmarshal([]byte(lag.Stdout), &doc); err != nil {
			t.Fatal(err)
		}
		behind := doc.Groups[0].Partitions[0].TimeLagMs
		switch unknown := at.ms == "-1"; {
		case unknown != (behind == nil):
			t.Errorf("the time lag of %s is known: %t", at.ms, behind != nil)
		case behind != nil && *behind < 0:
			t.Errorf("the time lag of %s is %d", at.ms, *behind)
		case behind != nil:
			t.Logf("%-22s shown %-30s reset to %d  time lag %d ms", at.ms, at.shown, at.to, *behind)
		default:
			t.Logf("%-22s shown %-30s reset to %d  time lag not known", at.ms, at.shown, at.to)
		}
	}
	described := run("", "describe", topic, "-o", "json")
	var doc struct{ FirstTime, LastTime string }
	if err := json.Unmarshal([]byte(described.Stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.FirstTime != "1970-01-01T00:00:00.000Z" || doc.LastTime != "9223372036854775807" {
		t.Errorf("describe: from %s to %s", doc.FirstTime, doc.LastTime)
	}
	t.Logf("describe: from %s to %s", doc.FirstTime, doc.LastTime)
}

// apacheTimes returns the timestamps and values of all records of topics as Apache's consumer prints them, sorted.
func apacheTimes(t *testing.T, c *kafkatest.Cluster, topics []string, count int) []string {
	t.Helper()
	out, err := c.CLI(t.Context(), "kafka-console-consumer", "--bootstrap-server", "{b}", "--include", strings.Join(topics, "|"), "--from-beginning",
		"--max-messages", fmt.Sprint(count), "--property", "print.timestamp=true", "--timeout-ms", "20000")
	if err != nil {
		t.Fatal(err)
	}
	var times []string
	for line := range strings.Lines(out.Stdout) {
		if strings.HasPrefix(line, "CreateTime:") { // and no note about its flags
			times = append(times, strings.TrimSuffix(line, "\n"))
		}
	}
	slices.Sort(times)
	return times
}

// A broker's own time is the one that is reported, a timestamp that the topic does not take is
// refused with the setting that bounds it, and a group without a name is one like the others.
func TestRealTimesOfTheBroker(t *testing.T) {
	c := kafkatest.Shared(t, kafkatest.Kraft1)
	createTopic(t, c, "append-time", 1, "message.timestamp.type=LogAppendTime")
	sent := produced(t, `{"timestamp":1,"value":"a"}`, "append-time", "--input", "json", "-o", "json", "-b", c.Bootstrap())
	read := clitest.Kafkactl(t, "consume", "append-time", "-o", "json", "-b", c.Bootstrap())
	var reported, stored struct{ Timestamp string }
	if err := json.Unmarshal([]byte(sent.Stdout), &reported); err != nil {
		t.Fatal(err, sent)
	}
	if err := json.Unmarshal([]byte(read.Stdout), &stored); err != nil {
		t.Fatal(err, read)
	}
	if reported != stored || strings.HasPrefix(reported.Timestamp, "1970") {
		t.Errorf("reported %q, stored %q", reported.Timestamp, stored.Timestamp)
	}

	createTopic(t, c, "bounded", 1, "message.timestamp.before.max.ms=86400000")
	r := produced(t, "{\"timestamp\":1,\"value\":\"a\"}\n{\"timestamp\":1790000000123456,\"value\":\"b\"}\n{\"value\":\"c\"}", "bounded", "--input", "json", "-b", c.Bootstrap())
	r.Want(t, cli.ExitFailed)
	r.WantErr(t, `^1 sent, 2 failed$`,
		`^line 1: INVALID_TIMESTAMP: the timestamp 1970-01-01T00:00:00.001Z is older than the topic takes \(message.timestamp.before.max.ms=86400000\)$`,
		`^line 2: INVALID_TIMESTAMP: the timestamp \+058692-11-03T14:15:23.456Z is newer than the topic takes \(message.timestamp.after.max.ms=\d+\)$`)

	clitest.Kafkactl(t, "reset-offsets", "", "--topic", "bounded", "--to-end", "--execute", "-b", c.Bootstrap()).Want(t, cli.ExitNotFound)
	offsets := make(kadm.Offsets)
	offsets.AddOffset("bounded", 0, 0, -1)
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addrs()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := kadm.NewClient(client).CommitAllOffsets(t.Context(), "", offsets); err != nil {
		t.Fatalf("commit for the group without a name: %v", err)
	}
	for _, run := range []struct {
		args []string
		want string
	}{
		{[]string{"list", "groups", "-o", "name"}, `^""$`},
		{[]string{"describe", "group", ""}, `^"": Empty`},
		{[]string{"lag", ""}, `^"": Empty, no members, lag 1$`},
		{[]string{"reset-offsets", "", "--topic", "bounded", "--to-end", "--execute"}, `^bounded +0 +0 +1 +moved$`},
		{[]string{"delete", "group", "", "--yes"}, `^- "" +deleted$`},
	} {
		clitest.Kafkactl(t, append(run.args, "-b", c.Bootstrap())...).Want(t, cli.ExitDone, run.want)
	}
}
