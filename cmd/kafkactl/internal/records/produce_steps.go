package records

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// recordStep is one step of turning a text into a record. Its error is the failure of that record,
// not of the run.
type recordStep func(*record.Outgoing) error

// steps returns the steps that the flags ask for, in order. They read t only when they are taken.
func (o *produceOptions) steps(t *targetTopic) ([]recordStep, error) {
	var steps []recordStep
	if o.looksAtLayout() {
		steps = append(steps, o.layoutStep())
	}
	if o.given("template") {
		render, err := o.templateStep()
		if err != nil {
			return nil, err
		}
		steps = append(steps, render)
	}
	if o.given("key-separator") {
		separator, err := parseDelimiter(o.keySeparator)
		if err != nil {
			return nil, cli.Usagef("--key-separator: %w", err)
		}
		steps = append(steps, o.splitKeyStep([]byte(separator)))
	}
	if o.input == "json" {
		steps = append(steps, skipBlank, parseRecord)
	}
	if o.event {
		if err := o.checkData(); err != nil {
			return nil, err
		}
		steps = append(steps, skipBlank, o.wrapInEvent)
	}
	pin, err := o.flagsStep(t)
	if err != nil {
		return nil, err
	}
	return append(steps, pin), nil
}

// looksAtLayout reports whether JSON over several lines is refused: where each line is JSON, and
// where nobody has said that the input is lines.
func (o *produceOptions) looksAtLayout() bool {
	for _, flag := range []string{"template", "data", "data-file", "key-separator"} {
		if o.given(flag) {
			return false
		}
	}
	return o.input == "json" || o.input == "lines" && (o.event || !o.given("input") && !o.given("delimiter") && !o.isTyped())
}

// splitKeyStep returns the step that takes the key from the front of the value.
func (o *produceOptions) splitKeyStep(separator []byte) recordStep {
	return func(out *record.Outgoing) error {
		key, value, found := bytes.Cut(out.Value, separator)
		if !found {
			return fmt.Errorf("has no key: no %q in it", separator)
		}
		out.Key, out.Value = key, value
		if o.null && len(value) == 0 {
			out.Value = nil
		}
		return nil
	}
}

// skipBlank passes over lines that hold no JSON at all.
func skipBlank(out *record.Outgoing) error {
	if len(bytes.TrimSpace(out.Value)) == 0 {
		return &blankError{}
	}
	return nil
}

// blankError is a line that is no record, and no failure.
type blankError struct{}

func (*blankError) Error() string { return "blank" }

// parseRecord reads the record that the text is.
func parseRecord(out *record.Outgoing) error {
	r, err := record.ParseJSON(withoutMark(out.Value))
	if err != nil {
		return err
	}
	out.Key, out.Value, out.Headers, out.Partition = r.Key, r.Value, r.Headers, r.Partition
	if !r.Timestamp.IsZero() {
		out.Timestamp = r.Timestamp
	}
	return nil
}

// flagsStep returns the step that gives a record the key, headers and partition of the flags, and
// refuses what the topic cannot take.
func (o *produceOptions) flagsStep(t *targetTopic) (recordStep, error) {
	headers, err := parseHeaders(o.headers)
	if err != nil {
		return nil, err
	}
	var key []byte
	if o.given("key") { // "" is a key
		if key, err = record.ParseKey(o.key); err != nil {
			return nil, cli.Usagef("--key: %w", err)
		}
	}
	return func(out *record.Outgoing) error {
		if key != nil {
			out.Key = key
		}
		if o.null && o.given("key") {
			out.Value = nil
		}
		if o.partition >= 0 {
			out.Partition = o.partition
		}
		if len(headers) > 0 {
			out.Headers = append(out.Headers[:len(out.Headers):len(out.Headers)], headers...)
		}
		if t.compacted && out.Key == nil {
			return &keylessError{}
		}
		return t.checkPartition(out.Partition)
	}, nil
}

func parseHeaders(texts []string) ([]kgo.RecordHeader, error) {
	var headers []kgo.RecordHeader
	for _, text := range texts {
		name, value, found := strings.Cut(text, "=")
		switch {
		case !found:
			return nil, cli.Usagef("-H %q: the form is name=value", text)
		case name == "":
			return nil, cli.Usagef("-H %q: a header has a name", text)
		}
		headers = append(headers, kgo.RecordHeader{Key: name, Value: []byte(value)})
	}
	return headers, nil
}

// keylessError is a record without a key for a compacted topic. Brokers refuse the whole batch that
// it is in, so it is not sent.
type keylessError struct{}

func (*keylessError) Error() string {
	return kerr.InvalidRecord.Message + ": the topic is compacted, and the record has no key"
}

func (*keylessError) Unwrap() error { return kerr.InvalidRecord }

// Hint returns the next step.
func (*keylessError) Hint() string {
	return "-k gives all records a key, --key-separator each its own"
}
