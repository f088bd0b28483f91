package term

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tableFit is a table on a terminal of some width, -1 for none.
type tableFit struct {
	name     string
	width    int
	optional []string
	marks    []Mark
	want     string
}

func tableFits() []tableFit {
	return []tableFit{
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
		{"marks take their place", 54, []string{"HOST"}, []Mark{Amiss, Worst}, `
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
		{"a terminal that tells no width", 0, []string{"HOST", "STATE"}, []Mark{Worst}, `
  TOPIC                            LAG  HOST                       STATE
> order.created              1,234,567  10.0.0.1                   stable
  payment.completed.by.card          -  kafka-consumer-1.internal  preparing to rebalance
  no offset yet
`},
		{"no terminal: what scripts read", -1, []string{"HOST", "STATE"}, []Mark{Amiss, Worst}, `
TOPIC                      LAG      HOST                       STATE
order.created              1234567  10.0.0.1                   stable
payment.completed.by.card  -        kafka-consumer-1.internal  preparing to rebalance
no offset yet
`},
	}
}

func TestTableFits(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"TOPIC", "LAG", "HOST", "STATE"},
		{"order.created", "1234567", "10.0.0.1", "stable"},
		{"payment.completed.by.card", "-", "kafka-consumer-1.internal", "preparing to rebalance"},
		{"no offset yet"},
	}
	for _, tt := range tableFits() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			st := Styles{Width: max(tt.width, 0), Terminal: tt.width >= 0}
			st.Table(&got, rows, Layout{Numbers: []string{"LAG"}, Optional: tt.optional, Marks: tt.marks})
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
	Styles{Terminal: true, Bold: coloredBold()}.Table(&got, rows, Layout{IDs: []string{"BROKER"}, Numbers: []string{"LAG"}})
	want := `
BROKER  GROUP            LAG
  1001  20261129  ` + "\x1b[33m20,261,129\x1b[0m" + `
     2  7             ≥1,000
`
	if diff := cmp.Diff(want[1:], got.String()); diff != "" {
		t.Error(diff)
	}
}
