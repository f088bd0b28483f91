package changes

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// Time that ran out during the writes is exit 5, and the line says what was waited for; one other
// failure beside it is exit 1.
func TestTimeThatRanOutDuringWrites(t *testing.T) {
	t.Parallel()
	outcome := func(topic string, err error) admin.Outcome {
		return admin.Outcome{Change: topicspec.Change{Topic: topic, Field: "retention.ms", Action: topicspec.Set}, Result: admin.Failed, Err: err}
	}
	late := outcome("a", &admin.OverdueError{Cause: kerr.RequestTimedOut})
	for _, test := range []struct {
		name     string
		outcomes []admin.Outcome
		code     cli.ExitCode
	}{
		{"alone", []admin.Outcome{late}, cli.ExitTimeout},
		{"beside a refusal", []admin.Outcome{late, outcome("b", kerr.InvalidConfig)}, cli.ExitFailed},
		{"beside what may not be done", []admin.Outcome{late, outcome("b", kerr.TopicAuthorizationFailed)}, cli.ExitRefused},
	} {
		r := Report{Report: admin.Report{Outcomes: test.outcomes}}
		err := r.ended()
		if code := cli.CodeOf(err); code != test.code || !errors.Is(err, kerr.RequestTimedOut) {
			t.Errorf("%s: exit %d, want %d: %v", test.name, code, test.code, err)
		}
		if told := strings.Contains(err.Error(), `; topic "a": time ran out before it was made: REQUEST_TIMED_OUT`); told != (test.code == cli.ExitTimeout) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// A wait for copies that ended early is exit 5, and 1 beside another failure. What the brokers go on doing is said once,
// with how to go on, and not for each topic.
func TestMoveThatWentOn(t *testing.T) {
	t.Parallel()
	end := &admin.MoveStalledError{For: time.Minute, Reasons: []string{"broker 3 takes no bytes"}, Running: []string{"a", "b"}, Partitions: 4}
	move := func(topic string) admin.Outcome {
		return admin.Outcome{Change: topicspec.Change{
			Topic: topic, Field: topicspec.FieldReplicationFactor, Action: topicspec.Reassign, Before: topicspec.Count(1), After: topicspec.Count(3),
		}, Result: admin.Failed, Err: end}
	}
	other := func(topic string, action topicspec.Action, result admin.Result, err error) admin.Outcome {
		return admin.Outcome{Change: topicspec.Change{Topic: topic, Field: "retention.ms", Action: action}, Result: result, Err: err}
	}
	for _, test := range []struct {
		name  string
		other admin.Outcome
		code  cli.ExitCode
	}{
		{"alone", other("c", topicspec.Set, admin.Done, nil), cli.ExitTimeout},
		{"with what waits for it", other("a", topicspec.Blocked, admin.Blocked, nil), cli.ExitTimeout},
		{"beside what is late as well", other("c", topicspec.Set, admin.Failed, &admin.OverdueError{Cause: kerr.RequestTimedOut}), cli.ExitTimeout},
		{"with what nobody could be asked for", other("c", topicspec.Set, admin.Untried, nil), cli.ExitTimeout},
		{"beside what is blocked", other("c", topicspec.Blocked, admin.Blocked, nil), cli.ExitFailed},
		{"beside a refusal", other("c", topicspec.Set, admin.Failed, kerr.InvalidConfig), cli.ExitFailed},
	} {
		r := Report{Report: admin.Report{Outcomes: []admin.Outcome{test.other, move("a"), move("b")}}}
		err := r.ended()
		if code := cli.CodeOf(err); code != test.code || cli.HintOf(err) != end.Hint() {
			t.Errorf("%s: exit %d, want %d: %v\nhint: %s", test.name, code, test.code, err, cli.HintOf(err))
		}
		var table strings.Builder
		r.Text(&table, term.Styles{}, false)
		if told := strings.Count(table.String()+err.Error(), "broker 3 takes no bytes"); told != 1 {
			t.Errorf("%s: told %d times:\n%s\n%v", test.name, told, table.String(), err)
		}
	}
}
