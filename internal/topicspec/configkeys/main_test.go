package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/kafkatest"
)

// The committed table is what Kafka documents.
func TestTableIsWhatKafkaDocuments(t *testing.T) {
	kafkatest.Require(t, kafkatest.Brokers)
	fresh := filepath.Join(t.TempDir(), "config_keys_gen.go")
	if err := generate(t.Context(), fresh); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../config_keys_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("config_keys_gen.go is out of date: run make settings (-Kafka +committed):\n%s", diff)
	}
}

// Words of Kafka that are not understood would make a table that takes too much.
func TestRuleFields(t *testing.T) {
	t.Parallel()
	for valid, want := range map[string]string{
		"":                        "",
		"[1,...]":                 `low: "1"`,
		"[0,...,1]":               `low: "0", high: "1"`,
		"[...,5]":                 `high: "5"`,
		"[1,...,9] or -1":         `low: "1", high: "9", also: "-1"`,
		"[-131072,...,22]":        `low: "-131072", high: "22"`,
		"[compact, delete]":       `oneOf: []string{"compact", "delete"}`,
		"[0.8.0, 0.9.0, 3.0-IV1]": `oneOf: []string{"0.8.0", "0.9.0", "3.0-IV1"}, form: formRelease`,
		throttledValues:           "form: formReplicas",
	} {
		if got, err := ruleFields(valid); got != want || err != nil {
			t.Errorf("ruleFields(%q) = %q, %v; want %q", valid, got, err, want)
		}
	}
	for _, valid := range []string{"non-empty string", "[1,2,3", "(case insensitive) [a, b]", "null or [a]"} {
		if got, err := ruleFields(valid); err == nil {
			t.Errorf("ruleFields(%q) = %q, want an error", valid, got)
		}
	}
}

// The table is merged of what both releases say: one rule where they agree, two where not.
func TestMerge(t *testing.T) {
	t.Parallel()
	older := release{line: "3.9", version: "3.9.2", topics: []documented{
		{"segment.bytes", "int", "[14,...]", "log.segment.bytes"},
		{"retention.ms", "long", "[-1,...]", "log.retention.ms"},
		{"message.format.version", "string", "", ""},
	}, brokers: []documented{{name: "log.retention.ms"}, {name: "log.retention.hours"}, {name: "log.segment.bytes"}}}
	newer := release{line: "4.3", version: "4.3.1", topics: []documented{
		{"segment.bytes", "int", "[1048576,...]", "log.segment.bytes"},
		{"retention.ms", "long", "[-1,...]", "log.retention.ms"},
	}, brokers: older.brokers}
	got, err := merge(older, newer)
	if err != nil {
		t.Fatal(err)
	}
	want := []setting{
		{"message.format.version", "kindString", []judgement{{[]string{"3.9"}, ""}}, nil},
		{"retention.ms", "kindLong", []judgement{{[]string{"3.9", "4.3"}, `low: "-1"`}}, []string{"log.retention.ms", "log.retention.hours"}},
		{"segment.bytes", "kindInt", []judgement{{[]string{"3.9"}, `low: "14"`}, {[]string{"4.3"}, `low: "1048576"`}}, []string{"log.segment.bytes"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(setting{}, judgement{})); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	newer.topics[0].kind = "long"
	if _, err := merge(older, newer); err == nil {
		t.Error("a type that differs between two releases was taken")
	}
}

// A page that is read in part would leave settings out.
func TestReadPage(t *testing.T) {
	t.Parallel()
	const page = `<ul><li><h4><a id="a.ms"></a><a id="topicconfigs_a.ms" href="#x">a.ms</a></h4><p>Text</p>
<table><tbody><tr><th>Type:</th><td>long</td></tr><tr><th>Default:</th><td>1</td></tr>
<tr><th>Valid Values:</th><td>[1,...]</td></tr><tr><th>Server Default Property:</th><td>null</td></tr></tbody></table></li></ul>`
	got, err := readPage(page)
	if diff := cmp.Diff([]documented{{"a.ms", "long", "[1,...]", ""}}, got, cmp.AllowUnexported(documented{})); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	for _, broken := range []string{"", page + "<h4>b</h4>", `<h4><a id="c"></a></h4></table>`} {
		if got, err := readPage(broken); err == nil {
			t.Errorf("readPage(%q) = %v, want an error", broken, got)
		}
	}
}
