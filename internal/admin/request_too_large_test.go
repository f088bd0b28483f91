package admin

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// A controller that finds a request too large all the same gets it in parts: who leaves the count to
// the brokers does not know how much it is.
func TestTooLargeIsDivided(t *testing.T) {
	t.Parallel()
	ctx, cluster, c := dialFake(t)
	var asked, refused atomic.Int32
	cluster.ControlKey(int16(kmsg.CreateTopics), func(kreq kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		req, _ := kreq.(*kmsg.CreateTopicsRequest)
		if asked.Add(1); len(req.Topics) <= 4 {
			return nil, nil, false
		}
		refused.Add(1)
		return answerAll(req, kerr.PolicyViolation.Code, "Unable to perform excessively large batch operation."), nil, true
	})
	desired := topics("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
	report, err := c.Converge(ctx, desired)
	if err != nil || !report.OK() {
		t.Fatalf("%v, %v", results(report), err)
	}
	// Of 10, then of 5, both times; and 2 and 3 of each half.
	if asked.Load() != 14 || refused.Load() != 6 {
		t.Errorf("%d requests, %d of them too large", asked.Load(), refused.Load())
	}
	wantInSync(ctx, t, c, desired)
}

// answerAll answers every topic of a creation with one code and message.
func answerAll(req *kmsg.CreateTopicsRequest, code int16, message string) *kmsg.CreateTopicsResponse {
	resp, _ := req.ResponseKind().(*kmsg.CreateTopicsResponse)
	for _, topic := range req.Topics {
		answer := kmsg.NewCreateTopicsResponseTopic()
		answer.Topic, answer.ErrorCode, answer.ErrorMessage = topic.Topic, code, kmsg.StringPtr(message)
		resp.Topics = append(resp.Topics, answer)
	}
	return resp
}

// A topic that is too large by itself is told plainly, at once, and is the only one refused.
func TestTooLargeTopic(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change topicspec.Change
		cause  *kerr.Error
		hint   string
	}{
		{
			"a creation", created("b", 12_000, map[string]string{"retention.ms": "1", "segment.ms": "1"}), kerr.PolicyViolation,
			"declare 9997 partitions at most, apply, and then raise the count by 10000 at most at a time",
		},
		{
			"growth", grown("b", 3, 12_000), kerr.UnknownServerError,
			"raise the count by 10000 at most at a time: declare 10003, apply, and go on",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, _, c := dialFake(t)
			asked := 0
			send := func(_ context.Context, changes []topicspec.Change, _ bool) (map[string]error, error) {
				asked++
				answers := make(map[string]error)
				for _, change := range changes {
					answers[change.Topic] = nil
					if sizeOf(change).records > mostRecords {
						answers[change.Topic] = &kafka.BrokerError{Kafka: test.cause, Detail: "Excessively large number of partitions per request."}
					}
				}
				return answers, nil
			}
			changes := []topicspec.Change{created("a", 1, nil), test.change, created("c", 1, nil)}
			answers := c.deliver(ctx, send, changes, true)
			refused := &RefusedError{Plan: topicspec.Plan{Changes: changes}, Refusals: answers}
			var large *TooLargeError
			if answers[0] != nil || answers[2] != nil || !errors.As(answers[1], &large) || !isDecision(answers[1]) || asked != 3 {
				t.Fatalf("%v after %d requests", answers, asked)
			}
			if refused.Hint() != test.hint || !errors.Is(refused, test.cause) {
				t.Errorf("hint: %s, of %v", refused.Hint(), refused.Words())
			}
		})
	}
}
