package admin

import (
	"context"
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// OverdueError reports a change that the brokers had not made when time ran out. They may make it
// yet.
type OverdueError struct {
	Cause error // their last answer, which only meant "not yet"
}

func (e *OverdueError) Error() string {
	if errors.As(e.Cause, new(*QuotaError)) {
		return "it takes longer than there is time: " + e.Cause.Error()
	}
	return "time ran out before it was made: " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *OverdueError) Unwrap() error { return e.Cause }

// Overdue returns the first outcome that is overdue; false unless all that was not made is.
func (r Report) Overdue() (Outcome, bool) {
	is := func(o Outcome) bool { return errors.As(o.Err, new(*OverdueError)) }
	i := slices.IndexFunc(r.Outcomes, is)
	if i < 0 || slices.ContainsFunc(r.Outcomes, func(o Outcome) bool { return !o.Made() && !is(o) }) {
		return Outcome{}, false
	}
	return r.Outcomes[i], true
}

// ValidateSoon is [Client.Validate] for one who does not climb the ladder first: brokers that are
// missing while they are known, as those that restart are, are waited for until ctx ends. The error
// is an [*OverdueError] then.
func (c *Client) ValidateSoon(ctx context.Context, plan topicspec.Plan) error {
	for next := (pace{}); ; {
		err := c.Validate(ctx, plan)
		var refused *RefusedError
		if !errors.As(err, &refused) || !refused.MayHeal() || !c.knowsMissing(ctx) {
			return err
		}
		_, words := refused.First()
		c.reportWait(words)
		if !next.pause(ctx) {
			return &OverdueError{words}
		}
	}
}

// knowsMissing reports whether the cluster knows of brokers that are not alive: some hold replicas,
// or are registered and send no heartbeat, which KRaft tells since Kafka 4.0 (KIP-1073).
func (c *Client) knowsMissing(ctx context.Context) bool {
	meta, err := c.kafka.AnyMetadata(ctx, nil)
	if err != nil {
		return false
	}
	live := kafka.BrokerIDs(meta.Brokers)
	missing := func(id int32) bool { return !slices.Contains(live, id) }
	for _, t := range meta.Topics {
		for _, p := range t.Partitions {
			if slices.ContainsFunc(p.Replicas, missing) {
				return true
			}
		}
	}
	req := kmsg.NewPtrDescribeClusterRequest()
	req.IncludeFencedBrokers = true
	resp, err := req.RequestWith(ctx, c.kafka.Any)
	return err == nil && resp.ErrorCode == 0 &&
		slices.ContainsFunc(resp.Brokers, func(b kmsg.DescribeClusterResponseBroker) bool { return b.IsFenced })
}

// brokerLeft reports whether err, the answer to a change that the brokers had accepted a moment
// before, says that one of them has left since.
func brokerLeft(err error) bool { return errors.Is(err, kerr.InvalidReplicationFactor) }
