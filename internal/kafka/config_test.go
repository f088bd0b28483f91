package kafka

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/internal/properties"
)

// The time limits of a client.properties are those of its clients, within what kgo takes; without them ours are.
func TestTimeouts(t *testing.T) {
	t.Parallel()
	type limits struct{ Attempt, Answer, Retry time.Duration }
	for _, test := range []struct {
		name string
		file properties.Timeouts
		want limits
	}{
		{"none", properties.Timeouts{}, limits{0, AnswerTimeout, retryTimeout}},
		{
			"all",
			properties.Timeouts{Request: 20 * time.Second, API: time.Minute, ConnectionSetup: 3 * time.Second, ConnectionMax: 30 * time.Second},
			limits{3 * time.Second, 20 * time.Second, time.Minute},
		},
		{"a maximum below the beginning", properties.Timeouts{ConnectionSetup: 3 * time.Second, ConnectionMax: time.Second}, limits{time.Second, AnswerTimeout, retryTimeout}},
		{"a maximum alone", properties.Timeouts{ConnectionMax: time.Second}, limits{0, AnswerTimeout, retryTimeout}},
		{"more than kgo takes", properties.Timeouts{Request: time.Hour, ConnectionSetup: time.Hour}, limits{longest, longest, retryTimeout}},
		{"less than kgo takes", properties.Timeouts{Request: time.Millisecond}, limits{0, 100 * time.Millisecond, retryTimeout}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := Config{Brokers: []string{"127.0.0.1:1"}, Timeouts: test.file}
			client, err := kgo.NewClient(c.DialOpts(t.Context())...)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			got := limits{Attempt: c.Attempt()}
			got.Answer, _ = client.OptValue(kgo.RequestTimeoutOverhead).(time.Duration)
			got.Retry, _ = client.OptValue(kgo.RetryTimeout).(time.Duration)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
