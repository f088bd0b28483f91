package record

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Sieve lets the records through that all its conditions hold for; its zero value all.
// Of several keys, event types or event ids one must match, exactly; of headers and
// conditions on the value every one. It is safe for concurrent use.
type Sieve struct {
	Keys            []string // a null key is none of them
	Headers         []HeaderMatch
	Types, EventIDs []string // eventType and eventId of an envelope
	Where           []Where
	JQ              *JQ // asked last, nil when there is none
}

// Keep tells whether r passes. When shown is not nil it is to be printed in the place of
// r: what the JQ made of it, each result a line of JSON with its newline. err says why
// the JQ failed; the record does not pass then, the next one may.
func (s *Sieve) Keep(ctx context.Context, r *kgo.Record) (keep bool, shown []byte, err error) {
	if len(s.Keys) > 0 && !s.hasKey(r) {
		return false, nil, nil
	}
	for i := range s.Headers {
		if !s.Headers[i].match(r) {
			return false, nil, nil
		}
	}
	if len(s.Types)+len(s.EventIDs)+len(s.Where) > 0 && !s.keepsValue(r.Value) {
		return false, nil, nil
	}
	if s.JQ == nil {
		return true, nil, nil
	}
	return s.JQ.keep(ctx, r)
}

func (s *Sieve) hasKey(r *kgo.Record) bool {
	if r.Key == nil {
		return false
	}
	for _, key := range s.Keys {
		if key == string(r.Key) {
			return true
		}
	}
	return false
}

// keepsValue looks whether the value is JSON all through only where everything else
// holds: that takes longer than to find a field.
func (s *Sieve) keepsValue(value []byte) bool {
	if len(s.Types) > 0 && !fieldIn(value, "eventType", s.Types) {
		return false
	}
	if len(s.EventIDs) > 0 && !fieldIn(value, "eventId", s.EventIDs) {
		return false
	}
	for i := range s.Where {
		if !s.Where[i].match(value) {
			return false
		}
	}
	return IsJSON(value)
}

func fieldIn(value []byte, name string, texts []string) bool {
	found, ok := scalar(value, name)
	return ok && slices.Contains(texts, textOf(found))
}

// HeaderMatch is a condition on a record's headers: one of them has this key and, unless
// AnyValue, this value.
type HeaderMatch struct {
	Key, Value string
	AnyValue   bool
}

// ParseHeaderMatch reads KEY=VALUE, or KEY alone for any value, also null. The key ends
// at the first =.
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
		if header.Key == h.Key && (h.AnyValue || header.Value != nil && string(header.Value) == h.Value) {
			return true
		}
	}
	return false
}
