package admin

import "fmt"

// LeftOutError is something that a broker was asked about and that its answer does not mention.
// Kafka's own brokers answer for every item; silence is neither success nor "there is none".
type LeftOutError struct {
	Item string // `topic "order.created"`, "partition 3"
}

func (e *LeftOutError) Error() string {
	return fmt.Sprintf("the broker's answer leaves %s out", e.Item)
}

// topicLeftOut returns the error for a topic that an answer does not mention.
func topicLeftOut(name string) error { return &LeftOutError{Item: fmt.Sprintf("topic %q", name)} }
