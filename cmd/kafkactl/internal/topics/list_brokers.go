package topics

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
)

// brokerDoc is one broker in JSON and YAML.
type brokerDoc struct {
	ID         int       `json:"id"`
	Host       string    `json:"host"`
	Port       int       `json:"port"`
	Rack       string    `json:"rack"`
	Controller bool      `json:"controller"`
	Release    string    `json:"release"`  // the Kafka line whose requests it offers, "": none
	Replicas   int       `json:"replicas"` // -1: not known
	Size       int64     `json:"size"`     // of all replicas; -1: not known
	LogDirs    []dataDir `json:"logDirs"`
	LogDirsErr string    `json:"logDirsError"`
	Error      string    `json:"error"` // why it did not answer
}

// dataDir is one data directory of a broker.
type dataDir struct {
	Path     string `json:"path"`
	Replicas int    `json:"replicas"`
	Size     int64  `json:"size"`
	Total    int64  `json:"volumeTotal"` // -1: not known (Kafka before 3.3)
	Usable   int64  `json:"volumeUsable"`
	Error    string `json:"error"`
}

func newBrokerDoc(b admin.Broker) brokerDoc {
	doc := brokerDoc{
		ID: b.ID, Host: b.Host, Port: b.Port, Rack: b.Rack, Controller: b.Controller, Release: b.Release,
		Replicas: b.Replicas(), Size: b.Size(), LogDirs: []dataDir{}, LogDirsErr: term.ErrorText(b.DirsErr), Error: term.ErrorText(b.Err),
	}
	for _, d := range b.Dirs {
		doc.LogDirs = append(doc.LogDirs, dataDir{d.Path, d.Replicas, d.Size, d.Total, d.Usable, term.ErrorText(d.Err)})
	}
	return doc
}

func newBrokerDocs(brokers []admin.Broker) []brokerDoc {
	docs := make([]brokerDoc, len(brokers))
	for i, b := range brokers {
		docs[i] = newBrokerDoc(b)
	}
	return docs
}

// listBrokers lists the live brokers. One that does not answer fails the command after all are
// listed.
func (o *listOptions) listBrokers(ctx context.Context, names []string) error {
	if err := o.onlyForTopics("brokers", names); err != nil {
		return err
	}
	s, err := o.app.Connect(ctx, &o.Connection)
	if err != nil {
		return err
	}
	defer s.Close()
	brokers, err := s.Brokers(s.Ctx)
	if err != nil {
		return err
	}
	ids := make([]string, len(brokers))
	for i, b := range brokers {
		ids[i] = strconv.Itoa(b.ID)
	}
	doc := struct {
		cli.Header
		Brokers []brokerDoc `json:"brokers"`
	}{cli.NewHeader("BrokerList"), newBrokerDocs(brokers)}
	if err := o.app.Print(cli.Answer{Doc: doc, Names: ids, Text: func(w io.Writer, st term.Styles, wide bool) { brokerRows(w, st, brokers, wide) }}); err != nil {
		return err
	}
	return checkAnswers(o.app, brokers)
}

// checkAnswers notes which directories are not known, and returns an error for the first broker
// that did not answer.
func checkAnswers(a *cli.App, brokers []admin.Broker) error {
	var silent error
	for _, b := range brokers {
		if b.DirsErr != nil {
			a.Notef("note: broker %d: log directories are not known: %v", b.ID, b.DirsErr)
		}
		if b.Err != nil && silent == nil {
			silent = cli.WithCode(fmt.Errorf("broker %d (%s) did not answer: %w", b.ID, b.Address(), b.Err), cli.ExitFailed)
		}
	}
	return silent
}

func brokerRows(w io.Writer, st term.Styles, brokers []admin.Broker, wide bool) {
	rows := [][]string{{"BROKER", "ADDRESS", "RACK", "CONTROLLER", "RELEASE", "REPLICAS", "SIZE"}}
	var notes []string
	var marks []term.Mark
	add := func(row []string, note string, m term.Mark) {
		rows, notes, marks = append(rows, row), append(notes, note), append(marks, m)
	}
	for _, b := range brokers {
		controller := "-"
		if b.Controller {
			controller = "yes"
		}
		row := []string{strconv.Itoa(b.ID), b.Address(), term.OrDash(b.Rack), controller}
		if b.Err != nil {
			add(append(row, "-", "-", "-"), st.Bad.Render("! did not answer"), term.Amiss)
			continue
		}
		note, m := brokerNote(st, b)
		add(append(row, term.OrDash(b.Release), term.OffsetText(int64(b.Replicas())), term.SizeText(b.Size())), note, m)
		if wide {
			for _, d := range b.Dirs {
				add([]string{"  log directory " + dirText(st, d)}, "", term.Unmarked)
			}
		}
	}
	st.Table(w, term.WithNotes(rows, notes), term.Layout{
		IDs: []string{"BROKER"}, Numbers: []string{"REPLICAS", "SIZE"}, Optional: []string{"RACK", "RELEASE"}, Marks: marks,
	})
}

// brokerNote returns the directories that a broker cannot use.
func brokerNote(st term.Styles, b admin.Broker) (note string, m term.Mark) {
	var unusable []string
	for _, d := range b.Dirs {
		if d.Err != nil {
			unusable = append(unusable, st.Bad.Render("! "+d.Path+": "+leaderFault(d.Err)))
			m = term.Amiss
		}
	}
	return strings.Join(unusable, " "), m
}

// dirText returns one data directory on one line.
func dirText(st term.Styles, d admin.DataDir) string {
	if d.Err != nil {
		return d.Path + ": " + st.Bad.Render("! "+leaderFault(d.Err))
	}
	text := fmt.Sprintf("%s: %s, %s", d.Path, st.Count(d.Replicas, "replica"), term.SizeText(d.Size))
	if d.Total >= 0 && d.Usable >= 0 {
		text += fmt.Sprintf("; %s of %s free", term.SizeText(d.Usable), term.SizeText(d.Total))
	}
	return text
}
