package record

import (
	"fmt"

	"github.com/tidwall/gjson"
	"github.com/twmb/franz-go/pkg/kgo"
)

// kcatMembers are those that kcat -J has under other names than [AppendJSON]: the value is the
// payload, and the timestamp ts, in Unix milliseconds.
type kcatMembers struct{ payload, ts gjson.Result }

// take keeps a member, if it is one of them.
func (m *kcatMembers) take(name string, value gjson.Result) {
	switch name {
	case "payload":
		m.payload = value
	case "ts":
		m.ts = value
	}
}

// readKcat takes an object with a payload and without a value for one of kcat -J.
func (m *members) readKcat() {
	if m.value.Exists() || !m.kcat.payload.Exists() {
		return
	}
	m.value = m.kcat.payload
	if !m.timestamp.Exists() {
		m.timestamp = m.kcat.ts
	}
}

// isKcatHeaders reports whether headers are a list of names and values by turns.
func isKcatHeaders(headers gjson.Result) bool {
	strings := false
	headers.ForEach(func(_, first gjson.Result) bool {
		strings = first.Type == gjson.String
		return false
	})
	return strings
}

// kcatHeaders reads names and values by turns; a value may be null.
func kcatHeaders(v gjson.Result) ([]kgo.RecordHeader, error) {
	var headers []kgo.RecordHeader
	for i, item := range v.Array() {
		text, err := bytesOf(item)
		switch {
		case err != nil:
			return nil, fmt.Errorf("headers[%d]: %w", i, err)
		case i%2 == 1:
			headers[i/2].Value = text
		case text == nil:
			return nil, fmt.Errorf("headers[%d]: a name is a string, not %s", i, jsonKind(item))
		default:
			headers = append(headers, kgo.RecordHeader{Key: string(text)})
		}
	}
	return headers, nil
}
