package records

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"text/template"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/record"
)

// newTemplateView fills a text/template with each record and ends it with a newline. It has the
// members of the record as JSON: .topic .partition .offset .timestamp .key .headers (a map; of two
// with one name the last) .value (what the JSON says, or text), and the function json. Null prints
// as null and is false.
func newTemplateView(text string, tty bool) (recordView, error) {
	t, err := template.New("--template").Funcs(template.FuncMap{"json": templateJSON}).Parse(text)
	if err != nil {
		return nil, err
	}
	return func(dst []byte, r *kgo.Record) ([]byte, error) {
		var out bytes.Buffer
		if err := t.Execute(&out, templateData(r)); err != nil {
			return dst, fmt.Errorf("fill in the template for %s/%d@%d: %w", r.Topic, r.Partition, r.Offset, err)
		}
		if tty {
			dst = term.AppendSafe(dst, out.Bytes(), "\n\t")
		} else {
			dst = append(dst, out.Bytes()...)
		}
		return append(dst, '\n'), nil
	}, nil
}

func templateData(r *kgo.Record) map[string]any {
	headers := make(map[string]any, len(r.Headers))
	for _, h := range r.Headers {
		headers[h.Key] = templateText(h.Value)
		if n, ok := record.HeaderNumber(h.Key, h.Value); ok {
			headers[h.Key] = n
		}
	}
	return map[string]any{
		"topic": r.Topic, "partition": r.Partition, "offset": r.Offset,
		"timestamp": record.TimestampText(r.Timestamp),
		"key":       templateText(r.Key), "headers": headers, "value": templateValue(r.Value),
	}
}

// templateNull prints as null where nil would as "<no value>", and is as false as nil.
type templateNull map[string]any

func (templateNull) String() string { return "null" }

func templateText(b []byte) any {
	if b == nil {
		return templateNull(nil)
	}
	return string(b)
}

func templateValue(value []byte) any {
	if !record.IsJSON(value) {
		return templateText(value)
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return string(value)
	}
	return templateScalars(v)
}

// templateScalars makes whole numbers comparable with those of a template; others keep their text:
// 99.950 stays what it is.
func templateScalars(v any) any {
	switch v := v.(type) {
	case nil:
		return templateNull(nil)
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
		return v
	case map[string]any:
		for name, member := range v {
			v[name] = templateScalars(member)
		}
	case []any:
		for i, item := range v {
			v[i] = templateScalars(item)
		}
	}
	return v
}

// templateJSON returns the function json: v on one line, not escaped for HTML.
func templateJSON(v any) (string, error) {
	var out bytes.Buffer
	err := cli.WriteJSON(&out, v, false)
	return string(bytes.TrimSuffix(out.Bytes(), []byte("\n"))), err
}
