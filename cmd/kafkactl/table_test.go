package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/google/go-cmp/cmp"
)

func TestTableFits(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"TOPIC", "LAG", "HOST", "STATE"},
		{"order.created", "1234567", "10.0.0.1", "stable"},
		{"payment.completed.by.card", "-", "kafka-consumer-1.internal", "preparing to rebalance"},
		{"no offset yet"},
	}
	for _, tt := range []struct {
		name     string
		width    int
		optional []string
		marks    []mark
		want     string
	}{
		{"as wide as the widest line", 87, []string{"HOST"}, nil, `
TOPIC                            LAG  HOST                       STATE
order.created              1,234,567  10.0.0.1                   stable
payment.completed.by.card          -  kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
		{"one less: the optional column goes", 86, []string{"HOST"}, nil, `
TOPIC                            LAG  STATE
order.created              1,234,567  stable
payment.completed.by.card          -  preparing to rebalance
no offset yet
`},
		{"the first optional one first", 65, []string{"STATE", "HOST"}, nil, `
TOPIC                            LAG  HOST
order.created              1,234,567  10.0.0.1
payment.completed.by.card          -  kafka-consumer-1.internal
no offset yet
`},
		{"a name that is no column", 62, []string{"RACK", "HOST"}, nil, `
TOPIC                            LAG  STATE
order.created              1,234,567  stable
payment.completed.by.card          -  preparing to rebalance
no offset yet
`},
		{"the widest cells are cut, numbers stay", 52, []string{"HOST"}, nil, `
TOPIC                      LAG  STATE
order.created        1,234,567  stable
payment.completed.…          -  preparing to rebala…
no offset yet
`},
		{"marks take their place", 54, []string{"HOST"}, []mark{amiss, worst}, `
  TOPIC                      LAG  STATE
! order.created        1,234,567  stable
> payment.completed.…          -  preparing to rebala…
  no offset yet
`},
		{"lines are cut when cells cannot be shorter", 32, nil, nil, `
TOPIC               LAG  HOST
order.creat…  1,234,567  10.0.0…
payment.com…          -  kafka-…
no offset yet
`},
		{"a terminal that tells no width", 0, []string{"HOST", "STATE"}, []mark{worst}, `
  TOPIC                            LAG  HOST                       STATE
> order.created              1,234,567  10.0.0.1                   stable
  payment.completed.by.card          -  kafka-consumer-1.internal  preparing to rebalance
  no offset yet
`},
		{"no terminal: what scripts read", -1, []string{"HOST", "STATE"}, []mark{amiss, worst}, `
TOPIC                      LAG      HOST                       STATE
order.created              1234567  10.0.0.1                   stable
payment.completed.by.card  -        kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			st := styles{width: max(tt.width, 0), terminal: tt.width >= 0}
			st.table(&got, rows, layout{numbers: []string{"LAG"}, optional: tt.optional, marks: tt.marks})
			if diff := cmp.Diff(tt.want[1:], got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a column holds is what it was declared to hold, whatever its cells look like.
func TestTableKinds(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"BROKER", "GROUP", "LAG"}, {"1001", "20261129", "\x1b[33m20261129\x1b[0m"}, {"2", "7", "≥1000"}}
	var got bytes.Buffer
	styles{terminal: true}.table(&got, rows, layout{ids: []string{"BROKER"}, numbers: []string{"LAG"}})
	want := `
BROKER  GROUP            LAG
  1001  20261129  ` + "\x1b[33m20,261,129\x1b[0m" + `
     2  7             ≥1,000
`
	if diff := cmp.Diff(want[1:], got.String()); diff != "" {
		t.Error(diff)
	}
}

// shownTable is an answer that golden files hold, for terminals of several widths and for pipes.
type shownTable struct {
	name  string
	wraps bool // its last column is a sentence, which is never cut
	answer
}

// checkTables compares the answers with testdata/tables. -update writes the files again.
func checkTables(t *testing.T, tables []shownTable) {
	t.Helper()
	shapes := []struct {
		name    string
		width   int
		noColor string
		format  format
	}{
		{"80", 80, "", formatTable},
		{"120", 120, "", formatTable},
		{"80-nocolor", 80, "1", formatTable},
		{"120-nocolor", 120, "1", formatTable},
		{"pipe", 0, "", formatTable},
		{"pipe-wide", 0, "", formatWide},
	}
	for _, table := range tables {
		for _, shape := range shapes {
			t.Run(table.name+"-"+shape.name, func(t *testing.T) {
				t.Parallel()
				var out bytes.Buffer
				env := map[string]string{"NO_COLOR": shape.noColor}
				a := &app{color: "auto", format: shape.format, streams: streams{
					out: &out, outTTY: shape.width > 0,
					outWidth:  func() int { return shape.width },
					lookupEnv: func(name string) (string, bool) { value, ok := env[name]; return value, ok },
				}}
				if err := a.print(table.answer); err != nil {
					t.Fatal(err)
				}
				goldenTable(t, filepath.Join("testdata", "tables", table.name+"-"+shape.name+".txt"), out.String())
				if !table.wraps {
					checkWidth(t, out.String(), shape.width)
				}
				if colored := strings.Contains(out.String(), "\x1b["); colored != (shape.width > 0 && shape.noColor == "") {
					t.Errorf("colored is %t", colored)
				}
			})
		}
	}
}

// goldenTable compares text with a golden file, or writes it with -update.
func goldenTable(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: the same test with -update writes it", err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// checkWidth holds the lines of tables to a width. A sentence, which has no columns, may
// wrap.
func checkWidth(t *testing.T, text string, width int) {
	t.Helper()
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "  ") {
			continue
		}
		if w := lipgloss.Width(strings.TrimSuffix(line, "\n")); width > 0 && w > width {
			t.Errorf("a line of %d on a terminal of %d columns: %q", w, width, line)
		}
	}
}
