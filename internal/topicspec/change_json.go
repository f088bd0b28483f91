package topicspec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// UnmarshalJSON reads what json.Marshal writes of a change. A field, an action or a value that it does not
// know is an error: who makes a change must understand all of it.
func (c *Change) UnmarshalJSON(data []byte) error {
	type plain Change
	var read struct {
		plain
		Before json.RawMessage `json:"before"`
		After  json.RawMessage `json:"after"`
	}
	err := decodeStrictly(data, &read)
	if err != nil {
		return err
	}
	*c = Change(read.plain)
	if c.Before, err = decodeValue(read.Before); err != nil {
		return fmt.Errorf("before: %w", err)
	}
	if c.After, err = decodeValue(read.After); err != nil {
		return fmt.Errorf("after: %w", err)
	}
	return c.check()
}

// decodeValue reads one side of a change by its form: a number is a [Count], a string a [Text], an object a
// [Shape], null is absent.
func decodeValue(data json.RawMessage) (Value, error) {
	switch {
	case len(data) == 0 || string(data) == "null":
		return nil, nil
	case data[0] == '"':
		var text Text
		err := json.Unmarshal(data, &text)
		return text, err
	case data[0] == '{':
		var shape Shape
		err := decodeStrictly(data, &shape)
		return shape, err
	default:
		var count Count
		err := json.Unmarshal(data, &count)
		return count, err
	}
}

func decodeStrictly(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// check refuses a change that does not have what its action needs.
func (c Change) check() error {
	if c.Kind != KindTopic {
		return c.checkAccess()
	}
	var whole bool
	switch c.Action {
	case Create:
		_, whole = c.After.(Shape)
	case Grow:
		_, whole = c.After.(Count)
	case Set:
		_, whole = c.After.(Text)
	case Unset:
		whole = c.After == nil && !slices.Contains([]string{FieldTopic, FieldPartitions, FieldReplicationFactor}, c.Field)
	case Reassign:
		_, whole = c.After.(Count)
		whole = whole && len(c.Reassignments) > 0
	case Delete:
		_, whole = c.Before.(Shape)
	case Blocked:
		whole = c.Reason != ""
	default:
		return fmt.Errorf("topic %q: unknown action %q", c.Topic, c.Action)
	}
	if !slices.Contains([]Risk{NoRisk, RiskMove, RiskRekey, RiskTrim, RiskDelete}, c.Risk) {
		return fmt.Errorf("topic %q: unknown risk %q", c.Topic, c.Risk)
	}
	if c.Topic == "" || c.Field == "" || c.Access != nil || !whole {
		return fmt.Errorf("topic %q: %s %s is not whole", c.Topic, c.Action, c.Field)
	}
	return nil
}
