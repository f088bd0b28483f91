package admin

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/topicspec"
)

// A change that was never answered fails with who was silent, not with a context's words alone.
func TestChangeThatIsNotAnswered(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	silent := make(chan struct{})
	t.Cleanup(func() { close(silent) })
	cluster.ControlKey(int16(kmsg.CreateTopics), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.SleepControl(func() { <-silent })
		return nil, nil, false
	})
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	plan := topicspec.Plan{Changes: []topicspec.Change{{
		Topic: "a", Field: topicspec.FieldTopic, Action: topicspec.Create, After: topicspec.Shape{Partitions: 1, ReplicationFactor: 1},
	}}}
	report := c.Apply(ctx, plan)
	const want = "time ran out before it was made: the broker that makes it has not answered: "
	if got, overdue := report.Overdue(); !overdue || got.Result != Failed || !strings.HasPrefix(got.Err.Error(), want) {
		t.Errorf("got %s: %v", got.Result, got.Err)
	}
}
