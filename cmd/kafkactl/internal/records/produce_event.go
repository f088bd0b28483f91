package records

import (
	"fmt"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/record"
)

// wrapInEvent makes an event of the data that the value is, and refuses one that breaks the
// envelope.
func (o *produceOptions) wrapInEvent(out *record.Outgoing) error {
	event := record.Event{Topic: o.topic, Version: o.eventVersion, ID: o.eventIDs.Next(), Time: time.Now(), Data: out.Value}
	value := event.Value()
	if err := o.validateEvent(event, value); err != nil {
		return err
	}
	out.Value = value
	return nil
}

// validateEvent returns an error that names every rule of the envelope that an event breaks.
func (o *produceOptions) validateEvent(event record.Event, value []byte) error {
	if o.noValidate {
		return nil
	}
	var broken []string
	for _, b := range event.Check(value) {
		broken = append(broken, b.String())
	}
	if len(broken) == 0 {
		return nil
	}
	return &envelopeError{strings.Join(broken, "; ")}
}

// checkData refuses --data that breaks the envelope: it is the command line's fault.
func (o *produceOptions) checkData() error {
	if !o.given("data") {
		return nil
	}
	if err := o.wrapInEvent(&record.Outgoing{Record: kgo.Record{Value: []byte(o.data)}}); err != nil {
		return cli.AsUsage(fmt.Errorf("--data: %w", err))
	}
	return nil
}

// envelopeError is an event that breaks the envelope.
type envelopeError struct{ text string }

func (e *envelopeError) Error() string { return e.text }

// Hint is the next step.
func (*envelopeError) Hint() string { return "--no-validate sends it all the same" }
