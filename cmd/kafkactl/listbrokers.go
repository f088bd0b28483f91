package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"

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
	Total    int64  `json:"volumeTotal"` // -1: not told (Kafka before 3.3)
	Usable   int64  `json:"volumeUsable"`
	Error    string `json:"error"`
}

func newBrokerDoc(b admin.Broker) brokerDoc {
	doc := brokerDoc{
		ID: b.ID, Host: b.Host, Port: b.Port, Rack: b.Rack, Controller: b.Controller, Release: b.Release,
		Replicas: b.Replicas(), Size: b.Size(), LogDirs: []dataDir{}, LogDirsErr: errorText(b.DirsErr), Error: errorText(b.Err),
	}
	for _, d := range b.Dirs {
		doc.LogDirs = append(doc.LogDirs, dataDir{d.Path, d.Replicas, d.Size, d.Total, d.Usable, errorText(d.Err)})
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

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// listBrokers lists the live brokers. One that does not answer fails the command after
// all are listed.
func (o *listOptions) listBrokers(ctx context.Context, names []string) error {
	if err := o.onlyForTopics("brokers", names); err != nil {
		return err
	}
	s, err := o.app.connect(ctx, &o.connection)
	if err != nil {
		return err
	}
	defer s.Close()
	brokers, err := s.Brokers(s.ctx)
	if err != nil {
		return err
	}
	ids := make([]string, len(brokers))
	for i, b := range brokers {
		ids[i] = strconv.Itoa(b.ID)
	}
	doc := struct {
		header
		Brokers []brokerDoc `json:"brokers"`
	}{newHeader("BrokerList"), newBrokerDocs(brokers)}
	if err := o.app.print(answer{doc: doc, names: ids, text: func(w io.Writer, st styles, wide bool) { brokerRows(w, st, brokers, wide) }}); err != nil {
		return err
	}
	return o.app.unanswered(brokers)
}

// unanswered notes what brokers did not tell, and fails for those that did not answer.
func (a *app) unanswered(brokers []admin.Broker) error {
	var silent error
	for _, b := range brokers {
		if b.DirsErr != nil {
			a.notef("note: broker %d: log directories are not known: %v", b.ID, b.DirsErr)
		}
		if b.Err != nil && silent == nil {
			silent = withCode(fmt.Errorf("broker %d (%s) did not answer: %w", b.ID, brokerAddress(b), b.Err), exitFailed)
		}
	}
	return silent
}

func brokerAddress(b admin.Broker) string { return net.JoinHostPort(b.Host, strconv.Itoa(b.Port)) }

func brokerRows(w io.Writer, st styles, brokers []admin.Broker, wide bool) {
	rows := [][]string{{"BROKER", "ADDRESS", "RACK", "CONTROLLER", "RELEASE", "REPLICAS", "SIZE"}}
	var notes []string
	var marks []mark
	add := func(row []string, note string, m mark) {
		rows, notes, marks = append(rows, row), append(notes, note), append(marks, m)
	}
	for _, b := range brokers {
		controller := "-"
		if b.Controller {
			controller = "yes"
		}
		row := []string{strconv.Itoa(b.ID), brokerAddress(b), orDash(b.Rack), controller}
		if b.Err != nil {
			add(append(row, "-", "-", "-"), st.bad.Render("! did not answer"), amiss)
			continue
		}
		note, m := brokerNote(st, b)
		add(append(row, orDash(b.Release), offsetText(int64(b.Replicas())), sizeText(b.Size())), note, m)
		if wide {
			for _, d := range b.Dirs {
				add([]string{"  log directory " + dirText(st, d)}, "", unmarked)
			}
		}
	}
	st.table(w, withNotes(rows, notes), layout{
		ids: []string{"BROKER"}, numbers: []string{"REPLICAS", "SIZE"}, optional: []string{"RACK", "RELEASE"}, marks: marks,
	})
}

// brokerNote is the directories that a broker cannot use.
func brokerNote(st styles, b admin.Broker) (note string, m mark) {
	var unusable []string
	for _, d := range b.Dirs {
		if d.Err != nil {
			unusable = append(unusable, st.bad.Render("! "+d.Path+": "+leaderFault(d.Err)))
			m = amiss
		}
	}
	return strings.Join(unusable, " "), m
}

// dirText is one data directory on one line.
func dirText(st styles, d admin.DataDir) string {
	if d.Err != nil {
		return d.Path + ": " + st.bad.Render("! "+leaderFault(d.Err))
	}
	text := fmt.Sprintf("%s: %s, %s", d.Path, st.count(d.Replicas, "replica"), sizeText(d.Size))
	if d.Total >= 0 && d.Usable >= 0 {
		text += fmt.Sprintf("; %s of %s free", sizeText(d.Usable), sizeText(d.Total))
	}
	return text
}
