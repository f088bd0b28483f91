package admin

import (
	"context"
	"fmt"
	"time"

	"kafkactl/internal/topicspec"
)

// comeBackTime is when topics that were deleted because a file declares them absent are looked at again. A client
// that still uses one asks for its metadata several times in that time, and a broker with
// auto.create.topics.enable makes the topic again.
const comeBackTime = 3 * time.Second

// CameBackError reports a topic that was deleted and is there again.
type CameBackError struct{ ID string } // of the new one, "" from brokers that have no ids

func (e *CameBackError) Error() string {
	id := ""
	if e.ID != "" {
		id = ", " + e.ID
	}
	return fmt.Sprintf("came back with another id%s: auto-creation (auto.create.topics.enable), a client still asks for it", id)
}

// Hint returns the next step.
func (e *CameBackError) Hint() string {
	return "stop the client, or set auto.create.topics.enable=false on every broker, and delete it again"
}

// SettleGone returns nil once no live broker knows the topics that the report says are deleted. One that is there
// under another id has come back: the outcome of its deletion is Failed, and it is not waited for.
func (c *Client) SettleGone(ctx context.Context, report *Report) error {
	return c.settleGone(ctx, report, false)
}

// StayGone is SettleGone, and looks once more after [comeBackTime]. It does neither for a report without deletions.
func (c *Client) StayGone(ctx context.Context, report *Report) error {
	if len(report.Deleted()) == 0 {
		return nil
	}
	if err := c.SettleGone(ctx, report); err != nil || len(report.Deleted()) == 0 {
		return err
	}
	c.report(fmt.Sprintf("what was deleted is looked at again in %s", comeBackTime))
	if !c.pause(ctx, comeBackTime) {
		return fmt.Errorf("whether what was deleted stays gone was not seen: %w", ctx.Err())
	}
	return c.settleGone(ctx, report, true)
}

func (c *Client) settleGone(ctx context.Context, report *Report, again bool) error {
	var deleted []topicspec.Change
	for _, o := range report.Outcomes {
		if o.deleted() {
			deleted = append(deleted, o.Change)
		}
	}
	back, err := c.untilGone(ctx, deleted, again)
	for i := range report.Outcomes {
		if o := &report.Outcomes[i]; o.deleted() && back[o.Topic] != nil {
			o.Result, o.Err = Failed, back[o.Topic]
		}
	}
	return err
}

// untilGone returns nil once no live broker knows the deleted topics, apart from those that came back. again is for
// topics that no broker had known before: whatever is there has come back.
func (c *Client) untilGone(ctx context.Context, deleted []topicspec.Change, again bool) (back map[string]error, err error) {
	back = make(map[string]error)
	topics, ids := make([]topicspec.Desired, len(deleted)), make(map[string]string)
	for i, change := range deleted {
		topics[i], ids[change.Topic] = topicspec.Desired{Name: change.Topic, Absent: true}, change.TopicID
	}
	return back, c.untilEverywhere(ctx, topics, func(ctx context.Context, part []topicspec.Desired) error {
		var names []string
		for _, d := range part {
			if back[d.Name] == nil {
				names = append(names, d.Name)
			}
		}
		if len(names) == 0 {
			return nil
		}
		seen, err := c.askForTopics(ctx, names, func(ctx context.Context, id int32, names []string) (view, error) {
			return c.observeShapes(ctx, c.kafka.On(id), names)
		})
		if err != nil {
			return err
		}
		return seen.judge(func(v view) (topic, what string) {
			for _, name := range names {
				now, known := v.topics[name]
				another := now.ID != "" && ids[name] != "" && now.ID != ids[name]
				switch {
				case !known:
				case another, again && now.ID == "":
					back[name] = &CameBackError{now.ID}
				default:
					return name, "is still there"
				}
			}
			return "", ""
		})
	})
}
