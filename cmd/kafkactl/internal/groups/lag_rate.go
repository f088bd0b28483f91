package groups

import (
	"fmt"
	"math"
	"time"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/groups"
)

// lagSamples is how many snapshots a rate is measured over: enough that one slow commit does not
// make it jump.
const lagSamples = 6

// lagHistory holds the last few sums of each row, by its key.
type lagHistory map[string][]lagSample

type lagSample struct {
	at  time.Time
	sum groups.LagSum
}

// lagRates are the rates of the rows, by their keys.
type lagRates map[string]lagRate

// lagRate is how one lag changes. A field is nil when it is not known: at the first snapshot, or
// where the lag of a partition is unknown.
type lagRate struct {
	delta     *int64         // against the snapshot before
	perSecond *float64       // records read a second
	eta       *time.Duration // until nothing is left, as it goes now; nil when it does not
}

// groupKey is the key of a group's sum, which the document has whatever the table is by.
func groupKey(group string) string { return "\x00" + group }

// next adds a snapshot and returns how it differs from those before. It forgets rows that are not
// there any more.
func (t lagHistory) next(snapshot lagSnapshot, tables []lagTable) lagRates {
	seen := make(map[string]groups.LagSum)
	for i := range snapshot.Groups {
		seen[groupKey(snapshot.Groups[i].Name)] = snapshot.Groups[i].Sum
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
	rates := make(lagRates, len(seen))
	for key, sum := range seen {
		if !sum.Complete() { // what comes after cannot be compared with it
			delete(t, key)
			continue
		}
		t[key] = append(t[key], lagSample{snapshot.At, sum})
		if len(t[key]) > lagSamples {
			t[key] = append(t[key][:0], t[key][1:]...)
		}
		rates[key] = newLagRate(t[key])
	}
	return rates
}

// newLagRate returns the rate over samples, the latest last.
func newLagRate(samples []lagSample) lagRate {
	var p lagRate
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
	p.delta, p.perSecond = &delta, &rate
	fallen := float64(first.sum.Known-last.sum.Known) / seconds
	if left := float64(last.sum.Known) / fallen; fallen > 0 && left < math.MaxInt64/float64(time.Second) { // in 292 years is not known
		eta := time.Duration(left * float64(time.Second))
		p.eta = &eta
	}
	return p
}

// cells returns the columns DELTA, RECORDS/S and ETA.
func (p lagRate) cells() []string {
	cells := []string{"-", "-", "-"}
	if p.delta != nil {
		cells[0] = fmt.Sprintf("%+d", *p.delta)
		if *p.delta == 0 {
			cells[0] = "0"
		}
	}
	if p.perSecond != nil {
		cells[1] = term.Styles{}.Rate(*p.perSecond)
	}
	if p.eta != nil {
		cells[2] = term.ShortDuration(*p.eta)
	}
	return cells
}

func (p lagRate) doc() lagRateDoc {
	doc := lagRateDoc{Delta: p.delta, RecordsPerSecond: p.perSecond}
	if p.eta != nil {
		ms := p.eta.Milliseconds()
		doc.ETAMs = &ms
	}
	return doc
}
