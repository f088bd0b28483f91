package changes

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"kafkactl/cmd/kafkactl/internal/cli"
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
