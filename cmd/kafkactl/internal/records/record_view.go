package records

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

// recordView appends r as a user wants to see it, its line end included. Only a template fails;
// what it has written until then is not in what is returned.
type recordView func(dst []byte, r *kgo.Record) ([]byte, error)

// recordViewOptions say which view.
type recordViewOptions struct {
	format    cli.Format
	template  string // text/template; "" is none
	delimiter string // behind each record of FormatRaw, as parseDelimiter has read it
}

// newRecordView is the view for a stream with st's colours, which may be a terminal: there JSON is
// indented and nothing controls the terminal but those colours, else bytes are left as they are.
// The line views leave out the date of now's day, and have its zone.
func newRecordView(o recordViewOptions, tty bool, st term.Styles, now time.Time) (recordView, error) {
	if o.template != "" {
		return newTemplateView(o.template, tty)
	}
	switch o.format {
	case cli.FormatLine, cli.FormatWide:
		return newLineView(o.format == cli.FormatWide, st, now), nil
	case cli.FormatJSON:
		return newJSONView(tty, st), nil
	case cli.FormatValue:
		view := newBytesView(tty, st)
		return func(dst []byte, r *kgo.Record) ([]byte, error) { return view(dst, r.Value), nil }, nil
	case cli.FormatKey:
		view := newBytesView(tty, st)
		return func(dst []byte, r *kgo.Record) ([]byte, error) { return view(dst, r.Key), nil }, nil
	case cli.FormatRaw:
		return func(dst []byte, r *kgo.Record) ([]byte, error) {
			return append(append(dst, r.Value...), o.delimiter...), nil
		}, nil
	default:
		return nil, fmt.Errorf("records have no format %q", o.format)
	}
}

// newJSONView shows whole records.
func newJSONView(tty bool, st term.Styles) recordView {
	if !tty {
		return func(dst []byte, r *kgo.Record) ([]byte, error) { return append(record.AppendJSON(dst, r), '\n'), nil }
	}
	p := term.NewJSONPrinter(st, true)
	return func(dst []byte, r *kgo.Record) ([]byte, error) {
		return append(p.Append(dst, record.AppendJSON(nil, r)), '\n'), nil
	}
}

// newBytesView shows a key or a value alone.
func newBytesView(tty bool, st term.Styles) func(dst, b []byte) []byte {
	p := term.NewJSONPrinter(st, true)
	return func(dst, b []byte) []byte {
		switch {
		case b == nil && tty:
			dst = p.Token(dst, []byte("null"), nil)
		case b == nil:
			dst = append(dst, "null"...)
		case !tty:
			dst = append(dst, b...)
		case record.IsJSON(b):
			dst = p.Append(dst, b)
		default:
			dst = term.AppendSafe(dst, b, "\n\t")
		}
		return append(dst, '\n')
	}
}

// newJQView is the view of what a jq program has made of a record: lines of JSON, each with its
// line end. As a value, a result that is a string is the text it holds.
func newJQView(o recordViewOptions, tty bool, st term.Styles) func(dst, shown []byte) []byte {
	if o.format == cli.FormatValue || o.format == cli.FormatKey || o.format == cli.FormatRaw {
		view := newBytesView(tty, st)
		return func(dst, shown []byte) []byte {
			for line := range bytes.Lines(shown) {
				dst = view(dst, unquoted(bytes.TrimSuffix(line, []byte("\n"))))
			}
			return dst
		}
	}
	if !tty {
		return func(dst, shown []byte) []byte { return append(dst, shown...) }
	}
	p := term.NewJSONPrinter(st, o.format == cli.FormatJSON)
	return func(dst, shown []byte) []byte {
		for line := range bytes.Lines(shown) {
			dst = append(p.Append(dst, line), '\n')
		}
		return dst
	}
}

// parseDelimiter reads what --delimiter is given: text in which \n, \r, \t, \0, \xNN and \\ are one
// byte each.
func parseDelimiter(s string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", fmt.Errorf(`delimiter %q: \ at the end; \\ is a backslash`, s)
		}
		switch at := strings.IndexByte(`nrt0\`, s[i]); {
		case at >= 0:
			out.WriteByte("\n\r\t\x00\\"[at])
		case s[i] == 'x':
			b, err := hex.DecodeString(s[i+1 : min(i+3, len(s))])
			if err != nil || len(b) != 1 {
				return "", fmt.Errorf(`delimiter %q: \x wants two hexadecimal digits`, s)
			}
			out.Write(b)
			i += 2
		default:
			return "", fmt.Errorf(`delimiter %q: \%c is none of \n \r \t \0 \xNN \\`, s, s[i])
		}
	}
	return out.String(), nil
}

// unquoted is the text of a JSON string; other JSON as it is.
func unquoted(text []byte) []byte {
	var s string
	if len(text) == 0 || text[0] != '"' || json.Unmarshal(text, &s) != nil {
		return text
	}
	return []byte(s)
}
