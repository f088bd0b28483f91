package records

import (
	"bytes"
	"io"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// textReader reads text in UTF-8. It passes over a byte order mark, which editors and shells of
// Windows put in front and nobody means to send, and refuses UTF-16.
type textReader struct {
	in    io.Reader
	json  bool // the text is JSON
	began bool
}

// Read returns the text without its mark. The error is a usage error for UTF-16.
func (r *textReader) Read(p []byte) (int, error) {
	if r.began || len(p) < longestMark {
		return r.in.Read(p)
	}
	r.began = true
	n, err := r.in.Read(p)
	for err == nil && n < longestMark && mayBeMark(p[:n]) {
		var more int
		more, err = r.in.Read(p[n:])
		n += more
	}
	if refused := checkEncoding(p[:n], r.json); refused != nil {
		return 0, refused
	}
	return copy(p, withoutMark(p[:n])), err
}

// byteOrderMark is U+FEFF in UTF-8.
const byteOrderMark = "\xef\xbb\xbf"

// longestMark is how many bytes a mark has at most.
const longestMark = len(byteOrderMark)

// mayBeMark reports whether text is the beginning of a byte order mark.
func mayBeMark(text []byte) bool {
	return bytes.HasPrefix([]byte(byteOrderMark), text) || len(text) == 1 && (text[0] == 0xff || text[0] == 0xfe)
}

// withoutMark returns text without the byte order mark in front of it.
func withoutMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte(byteOrderMark)) }

// checkEncoding refuses UTF-16, by its byte order mark or, for JSON, by the zero beside the brace or
// bracket that it begins with.
func checkEncoding(text []byte, json bool) error {
	if len(text) < 2 {
		return nil
	}
	switch first, second := text[0], text[1]; {
	case first == 0xff && second == 0xfe, first == 0xfe && second == 0xff:
	case json && (bytes.IndexByte([]byte("{["), first) >= 0 && second == 0 || first == 0 && bytes.IndexByte([]byte("{["), second) >= 0):
	default:
		return nil
	}
	return cli.WithHint(cli.Usagef("it is UTF-16, and kafkactl reads UTF-8"),
		"iconv -f UTF-16 -t UTF-8 makes UTF-8 of it, as does Out-File -Encoding utf8 in PowerShell; --input raw sends bytes as they are")
}

// layoutStep returns the step that looks at the first line that is not blank: JSON that is not laid
// out as one value a line would become as many records as it has lines, or as many failures.
func (o *produceOptions) layoutStep() recordStep {
	looked := false
	return func(out *record.Outgoing) error {
		text := bytes.TrimSpace(out.Value)
		if looked || len(text) == 0 {
			return nil
		}
		looked = true
		switch {
		case o.input == "json" && text[0] == '[':
			return &layoutError{"the input is a JSON array; each record is an object on a line of its own", o.jqHint(".[]")}
		case !record.GoesOn(text):
			return nil
		case o.input == "json" || o.event:
			return &layoutError{"the input is JSON over several lines; each record is an object on a line of its own", o.jqHint(".")}
		default:
			return &layoutError{
				"the input looks like JSON over several lines, and each line would be a record",
				o.jqHint(".") + " sends one record a value, --input raw all of it as one, --input lines line by line",
			}
		}
	}
}

// jqHint returns what lays JSON out as it is read here.
func (o *produceOptions) jqHint(filter string) string {
	from, options := "… | jq -c '"+filter+"'", ""
	if o.file != "-" {
		from = "jq -c '" + filter + "' " + o.file
	}
	switch {
	case o.input == "json":
		options = " --input json"
	case o.event:
		options = " --event"
	}
	return from + " | kafkactl produce " + o.topic + options
}

// layoutError is an input of which no line is a record. It ends the run before anything is sent.
type layoutError struct{ text, hint string }

func (e *layoutError) Error() string { return e.text }

// Hint returns the next step.
func (e *layoutError) Hint() string { return e.hint }
