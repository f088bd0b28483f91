package admin

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// endThrottle takes away what the throttle was, of all that has ended: a rate stays as long as the
// brokers copy, and one that somebody has changed meanwhile is theirs.
func (m *mover) endThrottle(ctx context.Context) {
	if m.throttle == nil {
		return
	}
	m.unlist(ctx, m.partitions)
	if running, _ := m.running(); len(running) > 0 {
		return
	}
	brokers, rates := m.throttle.byBroker()
	for _, at := range kafka.AskEach(ctx, brokers, func(ctx context.Context, id int32) ([]string, error) {
		return m.throttle.restore(ctx, id, rates[id])
	}) {
		m.notes = append(m.notes, at.Value...)
		if at.Err != nil {
			m.notes = append(m.notes, fmt.Sprintf("%s: its throttle stays (%s); once it answers: %s", at.Name, at.What(), restoreCommand(rates[at.ID])))
		}
	}
	m.noteEarlier(ctx)
	if ctx.Err() == nil { // else they may be there yet
		m.throttle.rates = nil
	}
}

// noteEarlier says which rates are left of an earlier run with another throttle, or of somebody else,
// where this move has taken over what was running.
func (m *mover) noteEarlier(ctx context.Context) {
	adopted := slices.ContainsFunc(m.partitions, func(p *movingPartition) bool { return p.adopted })
	if others, err := m.movedByOthers(ctx); !adopted || err != nil || len(others) > 0 {
		return
	}
	meta, err := m.c.kafka.AnyMetadata(ctx, []string{})
	if err != nil {
		return
	}
	left, err := m.c.ratesLeft(ctx, meta)
	if err != nil {
		m.notes = append(m.notes, fmt.Sprintf("it is not known whether brokers are throttled: %v", err))
	}
	for _, one := range left {
		ours := func(r *throttleRate) bool { return int(r.ID) == one.Broker && slices.Contains(one.Settings, r.key) }
		if !slices.ContainsFunc(m.throttle.rates, ours) {
			m.notes = append(m.notes, one.String()+": "+one.Command())
		}
	}
}

// restore gives a broker the rates back that it had. It returns a line for each that is not as this
// move has set it.
func (t *moveThrottle) restore(ctx context.Context, id int32, rates []*throttleRate) ([]string, error) {
	now, err := t.c.rates(ctx, id)
	if err != nil {
		return nil, err
	}
	var (
		changes []settingChange
		changed []string
	)
	for _, r := range rates {
		switch {
		case !now[r.key].own: // somebody has taken it away
		case now[r.key].value != strconv.FormatInt(t.rate, 10):
			changed = append(changed, fmt.Sprintf("%s: somebody has set %s to %s meanwhile: it stays", r.Name, r.key, now[r.key].value))
		case r.before != "":
			changes = append(changes, settingChange{r.key, r.before, kmsg.IncrementalAlterConfigOpSet})
		default:
			changes = append(changes, settingChange{key: r.key, op: kmsg.IncrementalAlterConfigOpDelete})
		}
	}
	if len(changes) == 0 {
		return changed, nil
	}
	return changed, t.c.alterBroker(ctx, id, changes)
}

// restoreCommand is what gives a broker the rates back that it had.
func restoreCommand(rates []*throttleRate) string {
	var add, remove []string
	for _, r := range rates {
		if r.before != "" {
			add = append(add, r.key+"="+r.before)
		} else {
			remove = append(remove, r.key)
		}
	}
	command := "kafka-configs --bootstrap-server … --alter --entity-type brokers --entity-name " + strconv.Itoa(int(rates[0].ID))
	if len(add) > 0 {
		command += " --add-config " + strings.Join(add, ",")
	}
	if len(remove) > 0 {
		command += " --delete-config " + strings.Join(remove, ",")
	}
	return command
}

// stays says which throttle there is while brokers copy, "" for none.
func (t *moveThrottle) stays() string {
	if t == nil || len(t.rates) == 0 {
		return ""
	}
	var ids []int32
	var before []string
	for _, r := range t.rates {
		ids = append(ids, r.ID)
		if r.before != "" {
			before = append(before, fmt.Sprintf("broker %d had %s=%s before", r.ID, r.key, r.before))
		}
	}
	slices.Sort(ids)
	text := fmt.Sprintf("the throttle of %s a second on brokers %s", rateText(t.rate), kafka.JoinIDs(slices.Compact(ids)))
	if len(before) > 0 {
		text += " (" + strings.Join(before, ", ") + ")"
	}
	return text
}

// rateText is a rate as --throttle takes it: "50MiB", or plain bytes.
func rateText(rate int64) string {
	text := topicspec.Humanize("rate.bytes", strconv.FormatInt(rate, 10))
	if text == strconv.FormatInt(rate, 10) {
		return text + " bytes"
	}
	return text
}
