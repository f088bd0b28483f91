package record

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var validPositions = []struct {
	text    string
	general string // "" when there is none
	named   map[int32]string
}{
	{"start", "start", nil},
	{"end", "end", nil},
	{"0", "0", nil},
	{"41", "41", nil},
	{"+5", "+5", nil},
	{"-5", "-5", nil},
	{"+0", "start", nil},
	{"-0", "end", nil},
	{"9223372036854775807", "9223372036854775807", nil},
	{"-9223372036854775807", "-9223372036854775807", nil},
	{"0:41,2:-5", "", map[int32]string{0: "41", 2: "-5"}},
	{" 0:41 , end ", "end", map[int32]string{0: "41"}},
	{"start,2147483647:end", "start", map[int32]string{2147483647: "end"}},
}

func TestParsePositions(t *testing.T) {
	t.Parallel()
	for _, tt := range validPositions {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			ps, err := ParsePositions(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			got := make(map[int32]string)
			for _, partition := range ps.Named() {
				p, ok := ps.For(partition)
				if !ok {
					t.Errorf("For(%d) does not know it", partition)
				}
				got[partition] = p.String()
			}
			if tt.named == nil {
				tt.named = map[int32]string{}
			}
			if diff := cmp.Diff(tt.named, got); diff != "" {
				t.Error(diff)
			}
			general := ""
			if p, ok := ps.For(7); ok {
				general = p.String()
			}
			if diff := cmp.Diff(tt.general, general); diff != "" {
				t.Errorf("For(7) (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParsePositionsErrors(t *testing.T) {
	t.Parallel()
	const want = "not start, end, +N, -N or N"
	for _, tt := range []struct{ text, err string }{
		{"", `position "": ` + want},
		{"latest", `position "latest": ` + want},
		{"+-5", `position "+-5": ` + want},
		{"--5", `position "--5": ` + want},
		{"5x", `position "5x": ` + want},
		{"0x10", `position "0x10": ` + want},
		{"1_000", `position "1_000": ` + want},
		{"+", `position "+": ` + want},
		{"0:", `position "0:": ` + want},
		{"0:1:2", `position "0:1:2": ` + want},
		{"0:41,", `position "": ` + want},
		{":5", `position ":5": "" is not a partition`},
		{"-1:5", `position "-1:5": "-1" is not a partition`},
		{"2147483648:5", `position "2147483648:5": "2147483648" is not a partition`},
		{"9223372036854775808", `position "9223372036854775808": the number is too large`},
		{"-9223372036854775808", `position "-9223372036854775808": the number is too large`},
		{"0:1,0:2", `position "0:2": partition 0 has one already, "1"`},
		{"start,end", `position "end": all partitions have one already, "start"`},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			_, err := ParsePositions(tt.text)
			if diff := cmp.Diff(tt.err, fmt.Sprint(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// No arithmetic on offsets overflows, and none leaves the log.
func TestPositionResolve(t *testing.T) {
	t.Parallel()
	const most = math.MaxInt64
	for _, tt := range []struct {
		name             string
		p                Position
		start, end, want int64
	}{
		{"the start", Position{Start, 0}, 10, 20, 10},
		{"after the start", Position{Start, 3}, 10, 20, 13},
		{"after the start, beyond the end", Position{Start, 11}, 10, 20, 20},
		{"far after the start", Position{Start, most}, 10, 20, 20},
		{"before the start", Position{Start, -1}, 10, 20, 10},
		{"the end", Position{End, 0}, 10, 20, 20},
		{"before the end", Position{End, -3}, 10, 20, 17},
		{"before the end, trimmed", Position{End, -11}, 10, 20, 10},
		{"far before the end", Position{End, math.MinInt64}, 10, 20, 10},
		{"after the end", Position{End, 5}, 10, 20, 20},
		{"absolute", Position{Absolute, 12}, 10, 20, 12},
		{"absolute, trimmed", Position{Absolute, 5}, 10, 20, 10},
		{"absolute, not written yet", Position{Absolute, most}, 10, 20, 20},
		{"an empty log", Position{Start, 1}, 10, 10, 10},
		{"an empty log from its end", Position{End, -1}, 10, 10, 10},
		{"the largest log", Position{Start, most}, 0, most, most},
		{"the largest log from its end", Position{End, -most}, 0, most, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.p.Resolve(tt.start, tt.end, tt.end); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

// Whatever is read can be written and read again, and lies in the log.
func FuzzParsePositions(f *testing.F) {
	for _, tt := range validPositions {
		f.Add(tt.text)
	}
	for _, text := range []string{"", "0:1:2", "+-5", "0:41,", "start,end", "\x00:5", "١"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ps, err := ParsePositions(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q is more than a line", err)
			}
			return
		}
		for _, partition := range append(ps.Named(), math.MaxInt32) {
			p, ok := ps.For(partition)
			if !ok {
				continue
			}
			again, err := ParsePositions(p.String())
			if err != nil {
				t.Fatal(err)
			}
			if same, _ := again.For(0); same != p {
				t.Errorf("%q is read as %v, not %v", p.String(), same, p)
			}
			if at := p.Resolve(7, 1000, 1000); at < 7 || at > 1000 {
				t.Errorf("%v is offset %d of [7, 1000]", p, at)
			}
		}
	})
}
