package groups

import (
	"fmt"
	"math"
	"time"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
)

// paceSamples is how many looks a rate is measured over: enough that one slow commit
// does not make it jump.
const paceSamples = 6

// lagTrack is what was seen of each row, the last few times.
type lagTrack map[string][]paceSample

type paceSample struct {
	at  time.Time
	sum groups.LagSum
}

// lagPace is how each row changes, by its key.
type lagPace map[string]pace

// pace is nil for what is not known: at the first look, or where a partition is unknown.
type pace struct {
	delta *int64         // against the look before
	rate  *float64       // records read a second
	eta   *time.Duration // until nothing is left, as it goes now; nil when it does not
}

// groupKey is the key of a group's sum, which the document has whatever the table is by.
func groupKey(group string) string { return "\x00" + group }

// next notes a look and returns how it differs from those before. What is not there any
// more is forgotten.
func (t lagTrack) next(look lagLook, tables []lagTable) lagPace {
	seen := make(map[string]groups.LagSum)
	for i := range look.Groups {
		seen[groupKey(look.Groups[i].Name)] = look.Groups[i].Sum
	}
	for _, table := range tables {
		for _, r := range table.rows {
			seen[r.key] = r.sum
		}
	}
	for key := range t {
		if _, there := seen[key]; !there {
			delete(t, key)
		}
	}
	paces := make(lagPace, len(seen))
	for key, sum := range seen {
		if !sum.Whole() { // what comes after cannot be compared with it
			delete(t, key)
			continue
		}
		t[key] = append(t[key], paceSample{look.At, sum})
		if len(t[key]) > paceSamples {
			t[key] = append(t[key][:0], t[key][1:]...)
		}
		paces[key] = paceOf(t[key])
	}
	return paces
}

// paceOf is the pace over samples, the latest last.
func paceOf(samples []paceSample) pace {
	var p pace
	first, last := samples[0], samples[len(samples)-1]
	if last.sum.Known == 0 {
		p.eta = new(time.Duration)
	}
	seconds := last.at.Sub(first.at).Seconds()
	if seconds <= 0 {
		return p
	}
	delta := last.sum.Known - samples[len(samples)-2].sum.Known
	rate := float64(last.sum.Read-first.sum.Read) / seconds
	p.delta, p.rate = &delta, &rate
	fallen := float64(first.sum.Known-last.sum.Known) / seconds
	if left := float64(last.sum.Known) / fallen; fallen > 0 && left < math.MaxInt64/float64(time.Second) { // in 292 years is not known
		eta := time.Duration(left * float64(time.Second))
		p.eta = &eta
	}
	return p
}

// cells are the pace's columns.
func (p pace) cells() []string {
	cells := []string{"-", "-", "-"}
	if p.delta != nil {
		cells[0] = fmt.Sprintf("%+d", *p.delta)
		if *p.delta == 0 {
			cells[0] = "0"
		}
	}
	if p.rate != nil {
		cells[1] = term.Styles{}.Rate(*p.rate)
	}
	if p.eta != nil {
		cells[2] = term.ShortDuration(*p.eta)
	}
	return cells
}

func (p pace) doc() lagPaceDoc {
	doc := lagPaceDoc{Delta: p.delta, RecordsPerSecond: p.rate}
	if p.eta != nil {
		ms := p.eta.Milliseconds()
		doc.ETAMs = &ms
	}
	return doc
}
