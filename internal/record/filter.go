package record

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Filter keeps the records for which all its conditions hold. Its zero value keeps all. Of
// several keys, event types or event ids one must match exactly; of headers and conditions on
// the value, every one must hold. It is safe for concurrent use.
type Filter struct {
	Keys    []string // a null key equals none of them
	Headers []HeaderMatch
	Events  []EventMatch
	Where   []Where
	JQ      *JQ // runs last; nil when there is none
}

// Keep reports whether the filter keeps r. When shown is not nil, it is to be printed instead
// of r: the results of the jq program, each a line of JSON with its newline. The error is that
// of the jq program, which drops r; the next record may pass.
func (f *Filter) Keep(ctx context.Context, r *kgo.Record) (keep bool, shown []byte, err error) {
	if len(f.Keys) > 0 && !f.hasKey(r) {
		return false, nil, nil
	}
	for i := range f.Headers {
		if !f.Headers[i].match(r) {
			return false, nil, nil
		}
	}
	if len(f.Events)+len(f.Where) > 0 && !f.keepsValue(r.Value) {
		return false, nil, nil
	}
	if f.JQ == nil {
		return true, nil, nil
	}
	return f.JQ.keep(ctx, r)
}

func (f *Filter) hasKey(r *kgo.Record) bool {
	if r.Key == nil {
		return false
	}
	for _, key := range f.Keys {
		if key == string(r.Key) {
			return true
		}
	}
	return false
}

// keepsValue reports whether the conditions on the value hold, and the value is JSON. It checks
// the latter last, because that takes longer than to find a field.
func (f *Filter) keepsValue(value []byte) bool {
	for i := range f.Events {
		if !f.Events[i].match(value) {
			return false
		}
	}
	for i := range f.Where {
		if !f.Where[i].match(value) {
			return false
		}
	}
	return IsJSON(value)
}

// EventMatch is a condition on a member of an envelope: it has one of these texts.
type EventMatch struct {
	path  fieldPath
	texts []string
}

// MatchType matches events of one of these types.
func MatchType(types ...string) EventMatch { return EventMatch{memberPath(RuleEventType), types} }

// MatchEventID matches the events with these ids.
func MatchEventID(ids ...string) EventMatch { return EventMatch{memberPath(RuleEventID), ids} }

func (m *EventMatch) match(value []byte) bool {
	found, ok := scalarAt(value, &m.path)
	return ok && slices.Contains(m.texts, scalarText(found))
}

// HeaderMatch is a condition on the headers of a record: one of them has this key and, unless
// AnyValue is set, this value. A [HeaderNumber] has its digits as a value, too.
type HeaderMatch struct {
	Key, Value string
	AnyValue   bool
}

// ParseHeaderMatch reads KEY=VALUE, or KEY alone for any value, null included. The key ends at
// the first equals sign.
func ParseHeaderMatch(s string) (HeaderMatch, error) {
	key, value, given := strings.Cut(s, "=")
	if key == "" {
		return HeaderMatch{}, errors.New("header: want KEY=VALUE or KEY")
	}
	return HeaderMatch{Key: key, Value: value, AnyValue: !given}, nil
}

func (h HeaderMatch) match(r *kgo.Record) bool {
	for i := range r.Headers {
		header := &r.Headers[i]
		if header.Key != h.Key {
			continue
		}
		if h.AnyValue || header.Value != nil && string(header.Value) == h.Value {
			return true
		}
		if n, ok := HeaderNumber(header.Key, header.Value); ok && strconv.FormatInt(n, 10) == h.Value {
			return true
		}
	}
	return false
}
