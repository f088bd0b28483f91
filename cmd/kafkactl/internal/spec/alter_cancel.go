package spec

import (
	"context"
	"fmt"
	"io"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// cancelDoc is what became of reassignments that were to be cancelled, in JSON and YAML.
type cancelDoc struct {
	cli.Header
	Topic       string               `json:"topic"`
	Partitions  []cancelPartitionDoc `json:"partitions"`  // those that were being moved
	Unthrottled []string             `json:"unthrottled"` // settings that were taken from the topic
	Notes       []string             `json:"notes"`
	ElapsedMS   int64                `json:"elapsedMs"`
}

type cancelPartitionDoc struct {
	Partition int           `json:"partition"`
	From      []int         `json:"from"` // brokers, while it was being moved
	To        []int         `json:"to"`   // brokers now, the preferred leader first
	Outcome   cancelOutcome `json:"outcome"`
	Error     string        `json:"error"`
}

// cancelOutcome is how the reassignment of a partition ended. The values appear in JSON.
type cancelOutcome string

const (
	cancelDone    cancelOutcome = "cancelled"
	cancelEnded   cancelOutcome = "ended" // by itself, before it could be cancelled
	cancelRefused cancelOutcome = "failed"
)

func outcomeOf(p admin.PartitionCancelled) cancelOutcome {
	switch {
	case p.Err != nil:
		return cancelRefused
	case p.Ended:
		return cancelEnded
	default:
		return cancelDone
	}
}

// runCancel is alter --cancel-move.
func (o *alterOptions) runCancel(ctx context.Context) error {
	start := time.Now()
	if o.partitions != 0 || len(o.config)+len(o.deleteConfig) > 0 {
		return cli.Usagef("--cancel-move goes with neither --partitions nor --config nor --delete-config")
	}
	if err := topicspec.CheckName(o.topic); err != nil {
		return cli.AsUsage(err)
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	cancelled, err := s.CancelMove(s.Ctx, o.topic, nil)
	if err != nil && len(cancelled.Partitions) == 0 {
		return err
	}
	c := cancelledMove{cancelled, time.Since(start)}
	if err := o.app.Print(cli.Answer{Doc: c.doc(), Names: c.names(), Text: c.text}); err != nil {
		return err
	}
	for _, note := range cancelled.Notes {
		o.app.Notef("%s", note)
	}
	return err
}

// cancelledMove is what was cancelled, for all formats.
type cancelledMove struct {
	admin.MoveCancelled
	elapsed time.Duration
}

func (c cancelledMove) doc() cancelDoc {
	doc := cancelDoc{
		Header: cli.NewHeader("MoveCancelled"), Topic: c.Topic, Partitions: []cancelPartitionDoc{},
		Unthrottled: cli.OrEmpty(c.Unthrottled), Notes: cli.OrEmpty(c.Notes), ElapsedMS: c.elapsed.Milliseconds(),
	}
	for _, p := range c.Partitions {
		doc.Partitions = append(doc.Partitions, cancelPartitionDoc{p.Partition, p.From, p.To, outcomeOf(p), term.ErrorText(p.Err)})
	}
	return doc
}

func (c cancelledMove) names() []string {
	if len(c.Partitions) == 0 {
		return nil
	}
	return []string{c.Topic}
}

// text writes a line for each partition and for each setting, or that there was nothing to do.
func (c cancelledMove) text(w io.Writer, st term.Styles, _ bool) {
	var rows [][]string
	for _, p := range c.Partitions {
		change := fmt.Sprintf("brokers %s → %s", term.JoinIDs(p.From), term.JoinIDs(p.To))
		mark := st.Good.Render("~")
		if p.Err != nil {
			mark, change = st.Bad.Render("x"), p.Err.Error()
		}
		rows = append(rows, []string{mark + " " + st.Bold.Render(fmt.Sprintf("%s/%d", c.Topic, p.Partition)), string(outcomeOf(p)), change})
	}
	for _, key := range c.Unthrottled {
		rows = append(rows, []string{st.Good.Render("-") + " " + st.Bold.Render(c.Topic), "unthrottled", key})
	}
	if len(c.Partitions) == 0 {
		fmt.Fprintf(w, "%s: nothing is being moved (%.2fs)\n", c.Topic, c.elapsed.Seconds())
	}
	st.Sentences(w, rows)
}
