package topics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
)

// brokerDetailDoc is one broker in JSON and YAML.
type brokerDetailDoc struct {
	cli.Header
	brokerDoc
	// Partial reports that there may be topics that the client may not see, whose partitions are not counted.
	Partial     bool         `json:"partial,omitzero"`
	Leads       int          `json:"leads"`               // partitions it leads
	Preferred   int          `json:"preferredPartitions"` // those it is the first replica of
	Lagging     int          `json:"laggingReplicas"`     // its replicas that are not in sync
	Config      []settingDoc `json:"config"`
	ConfigError string       `json:"configError"`
}

func (o *describeOptions) describeBroker(ctx context.Context, name string) error {
	id, err := strconv.Atoi(name)
	if err != nil || id < 0 {
		return cli.Usagef("a broker id is a number, got %q", name)
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	hides := s.Config.AskHidden(s.Ctx, s.HidesTopics)
	detail, err := s.DescribeBroker(s.Ctx, id)
	if errors.As(err, new(*admin.NoBrokerError)) {
		err = cli.WithCode(err, cli.ExitNotFound)
	}
	if err != nil {
		return err
	}
	viewer, err := hides(false)
	if err != nil {
		return err
	}
	doc := brokerDetailDoc{
		cli.NewHeader("Broker"), newBrokerDoc(detail.Broker), viewer != "", detail.Leads, detail.Preferred, detail.Lagging,
		settingDocs(detail.Config), term.ErrorText(detail.ConfigErr),
	}
	if err := o.app.Print(cli.Answer{Doc: doc, Names: []string{name}, Text: func(w io.Writer, st term.Styles, wide bool) {
		brokerText(w, st, detail, viewer, wide)
	}}); err != nil {
		return err
	}
	return checkAnswers(o.app, []admin.Broker{detail.Broker})
}

// brokerText writes the broker for people. viewer is who may not see all topics; "" where all are counted.
func brokerText(w io.Writer, st term.Styles, b admin.BrokerDetail, viewer string, wide bool) {
	health := st.Good.Render("ok")
	switch {
	case b.Err != nil:
		health = st.Bad.Render("! did not answer")
	case b.Lagging > 0:
		health = st.Warn.Render("! " + st.Count(b.Lagging, "replica") + " not in sync")
	}
	fmt.Fprintf(w, "%s: %s\n", st.Bold.Render(fmt.Sprintf("broker %d (%s)", b.ID, b.Address())), health)
	role := "no"
	if b.Controller {
		role = "yes"
	}
	partitions := fmt.Sprintf("leads %s, preferred leader of %s, %s not in sync",
		st.Number(int64(b.Leads)), st.Number(int64(b.Preferred)), st.Count(b.Lagging, "replica"))
	if viewer != "" {
		partitions += ", of the topics that " + viewer + " may see"
	}
	rows := [][]string{
		{"rack", term.OrDash(b.Rack)},
		{"controller", role},
		{"release", term.OrDash(b.Release)},
		{"partitions", partitions},
	}
	for _, d := range b.Dirs {
		rows = append(rows, []string{"log directory", dirText(st, d)})
	}
	st.Sentences(w, rows)
	if b.ConfigErr != nil {
		fmt.Fprintf(w, "%s settings are not known: %v\n", st.Warn.Render("!"), b.ConfigErr)
		return
	}
	if b.Err == nil {
		settingsText(w, st, b.Config, wide)
	}
}
