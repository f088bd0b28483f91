package records

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

// lineView shows a record in one line for people:
//
//	12:00:01.123 order.created/2@41 order-123 v1.0 {…}
//
// Of an envelope the data, and what else it says that the rest of the line does not; of other
// values all. Null is a dash as a key and the word null as a value; text that would read as
// something else, or has blanks or control characters in it, is quoted as JSON.
type lineView struct {
	wide     bool // the event's id and the headers too
	from, to time.Time
	dim      term.StyleCodes
	bold     term.StyleCodes
	json     term.JSONPrinter
}

func newLineView(wide bool, st term.Styles, now time.Time) recordView {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	v := &lineView{
		wide: wide, from: today, to: today.AddDate(0, 0, 1),
		dim: term.NewStyleCodes(st.Dim), bold: term.NewStyleCodes(st.Bold), json: term.NewJSONPrinter(st, false),
	}
	return func(dst []byte, r *kgo.Record) ([]byte, error) { return v.append(dst, r), nil }
}

func (v *lineView) append(dst []byte, r *kgo.Record) []byte {
	dst = append(dst, v.dim.Before...)
	dst = v.appendTime(dst, r.Timestamp)
	dst = append(dst, v.dim.After...)
	dst = append(dst, ' ')
	dst = append(dst, r.Topic...)
	dst = append(dst, '/')
	dst = strconv.AppendInt(dst, int64(r.Partition), 10)
	dst = append(dst, '@')
	dst = strconv.AppendInt(dst, r.Offset, 10)
	dst = append(dst, ' ')
	if r.Key == nil {
		dst = v.appendDim(dst, "-")
	} else {
		dst = append(dst, v.bold.Before...)
		dst = appendWord(dst, r.Key)
		dst = append(dst, v.bold.After...)
	}
	event, isEvent := record.ParseEvent(r.Value)
	if isEvent {
		dst = v.appendEvent(dst, event, r.Topic)
	}
	if v.wide {
		dst = appendHeaders(dst, r.Headers)
	}
	dst = append(dst, ' ')
	if isEvent {
		dst = v.json.Append(dst, event.Data)
	} else {
		dst = v.appendValue(dst, r.Value)
	}
	return append(dst, '\n')
}

// appendTime appends the time of day, with the date where it is another; a dash for Kafka's "no
// timestamp", -1; and the number of a timestamp that is no date.
func (v *lineView) appendTime(dst []byte, t time.Time) []byte {
	switch {
	case t.IsZero() || t.UnixMilli() == -1:
		return append(dst, '-')
	case !record.IsDate(t):
		return record.AppendTimestamp(dst, t)
	}
	t = t.In(v.from.Location())
	if t.Before(v.from) || !t.Before(v.to) {
		dst = append(record.AppendDay(dst, t), ' ')
	}
	return t.AppendFormat(dst, "15:04:05.000")
}

// appendEvent appends what stands before the data of an envelope.
func (v *lineView) appendEvent(dst []byte, event record.Event, topic string) []byte {
	if event.Topic != topic {
		dst = append(dst, ' ')
		dst = appendWord(dst, []byte(event.Topic))
	}
	if v.wide && event.ID != "" {
		dst = append(dst, ' ')
		dst = appendWord(dst, []byte(event.ID))
	}
	dst = append(dst, ' ')
	dst = append(dst, v.dim.Before...)
	dst = append(dst, 'v')
	dst = appendWord(dst, []byte(event.Version))
	return append(dst, v.dim.After...)
}

// appendValue appends a value that is not an envelope.
func (v *lineView) appendValue(dst, value []byte) []byte {
	switch {
	case value == nil:
		return v.appendDim(dst, "null")
	case string(value) == "null":
		return append(dst, `"null"`...) // the word, not a tombstone
	case record.IsJSON(value):
		return v.json.Append(dst, value)
	case !utf8.Valid(value):
		return appendHex(dst, value)
	case len(value) == 0 || hasUnsafe(value):
		return appendJSONString(dst, value)
	default:
		return append(dst, value...)
	}
}

func (v *lineView) appendDim(dst []byte, text string) []byte {
	dst = append(dst, v.dim.Before...)
	dst = append(dst, text...)
	return append(dst, v.dim.After...)
}

// appendHeaders appends [name=value …], a name alone for null.
func appendHeaders(dst []byte, headers []kgo.RecordHeader) []byte {
	if len(headers) == 0 {
		return dst
	}
	dst = append(dst, " ["...)
	for i, h := range headers {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = appendWord(dst, []byte(h.Key))
		if n, ok := record.HeaderNumber(h.Key, h.Value); ok {
			dst = strconv.AppendInt(append(dst, '='), n, 10)
		} else if h.Value != nil {
			dst = append(dst, '=')
			dst = appendWord(dst, h.Value)
		}
	}
	return append(dst, ']')
}

// appendWord appends text that is one word in a line: quoted where it is none.
func appendWord(dst, text []byte) []byte {
	switch {
	case record.IsBinary(text):
		return appendHex(dst, text)
	case len(text) == 0, string(text) == "-", bytes.HasPrefix(text, []byte("0x")), bytes.ContainsAny(text, " \"\u00a0"), hasUnsafe(text):
		return appendJSONString(dst, text)
	default:
		return append(dst, text...)
	}
}

// appendHex appends bytes that are no text: their beginning, where they are many.
func appendHex(dst, b []byte) []byte {
	const enough = 32
	dst = append(dst, "0x"...)
	if len(b) <= enough {
		return hex.AppendEncode(dst, b)
	}
	dst = hex.AppendEncode(dst, b[:enough])
	return fmt.Appendf(dst, "… (%d bytes)", len(b))
}

// appendJSONString appends text in quotes.
func appendJSONString(dst, text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte(`\`), []byte(`\\`))
	text = bytes.ReplaceAll(text, []byte(`"`), []byte(`\"`))
	dst = append(dst, '"')
	dst = term.AppendSafe(dst, text, "")
	return append(dst, '"')
}

func hasUnsafe(text []byte) bool { return bytes.ContainsFunc(text, term.IsUnsafe) }
