package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"kafkactl/internal/admin"
)

// brokerDetailDoc is one broker in JSON and YAML.
type brokerDetailDoc struct {
	header
	brokerDoc
	Leads       int          `json:"leads"`               // partitions it leads
	Preferred   int          `json:"preferredPartitions"` // those it is the first replica of
	Lagging     int          `json:"laggingReplicas"`     // its replicas that are not in sync
	Config      []settingDoc `json:"config"`
	ConfigError string       `json:"configError"`
}

func (o *describeOptions) describeBroker(ctx context.Context, name string) error {
	id, err := strconv.Atoi(name)
	if err != nil || id < 0 {
		return usagef("a broker id is a number, got %q", name)
	}
	s, err := o.app.connect(ctx, &o.connection)
	if err != nil {
		return err
	}
	defer s.Close()
	detail, err := s.DescribeBroker(s.ctx, id)
	if errors.As(err, new(*admin.NoBrokerError)) {
		err = withCode(err, exitNotFound)
	}
	if err != nil {
		return err
	}
	doc := brokerDetailDoc{
		newHeader("Broker"), newBrokerDoc(detail.Broker), detail.Leads, detail.Preferred, detail.Lagging,
		settingDocs(detail.Config), errorText(detail.ConfigErr),
	}
	if err := o.app.print(answer{doc: doc, names: []string{name}, text: func(w io.Writer, st styles, wide bool) {
		brokerText(w, st, detail, wide)
	}}); err != nil {
		return err
	}
	return o.app.unanswered([]admin.Broker{detail.Broker})
}

// brokerText writes the broker for people.
func brokerText(w io.Writer, st styles, b admin.BrokerDetail, wide bool) {
	health := st.good.Render("ok")
	switch {
	case b.Err != nil:
		health = st.bad.Render("! did not answer")
	case b.Lagging > 0:
		health = st.warn.Render("! " + st.count(b.Lagging, "replica") + " not in sync")
	}
	fmt.Fprintf(w, "%s: %s\n", st.bold.Render(fmt.Sprintf("broker %d (%s)", b.ID, brokerAddress(b.Broker))), health)
	role := "no"
	if b.Controller {
		role = "yes"
	}
	rows := [][]string{
		{"rack", orDash(b.Rack)},
		{"controller", role},
		{"release", orDash(b.Release)},
		{"partitions", fmt.Sprintf("leads %s, preferred leader of %s, %s not in sync",
			st.number(int64(b.Leads)), st.number(int64(b.Preferred)), st.count(b.Lagging, "replica"))},
	}
	for _, d := range b.Dirs {
		rows = append(rows, []string{"log directory", dirText(st, d)})
	}
	st.sentences(w, rows)
	if b.ConfigErr != nil {
		fmt.Fprintf(w, "%s settings are not known: %v\n", st.warn.Render("!"), b.ConfigErr)
		return
	}
	if b.Err == nil {
		settingsText(w, st, b.Config, wide)
	}
}
