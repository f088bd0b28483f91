package accessadmin

import (
	"context"

	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// What one request may ask for.
const (
	// A KRaft controller refuses more than 10,000 records (POLICY_VIOLATION), and a binding, a credential and a quota are
	// one each. It also looks at each new binding beside all others of its request: 1,000 take 0.1 s, and 10,000 take 3 s.
	// A broker with ZooKeeper writes one node after another, 500 in 0.2 s. Both must answer in time.
	mostChanges = 500
	// Kafka's own limits are 8 MiB for the records of one piece and socket.request.max.bytes, 100 MiB, which somebody may
	// have lowered.
	mostBytes = 1 << 20
)

// sender carries changes to the brokers by one request, and returns their answers in the order of the changes.
type sender func(ctx context.Context, changes []topicspec.Change) []error

// deliver has send carry changes in as many requests as they need, and again as long as the brokers say "not yet". The
// answers are in the order of the changes, nil for one that is made.
func (k *Keeper) deliver(ctx context.Context, changes []topicspec.Change, send sender) []error {
	return admin.Repeat{
		Ask: func(ctx context.Context, pending []int) []error {
			var answers []error
			for _, request := range requests(topicspec.At(changes, pending)) {
				answers = append(answers, send(ctx, request)...)
			}
			return answers
		},
		Waits: func(item int, err error) { k.report(changes[item].Subject() + ": " + err.Error()) },
	}.Until(ctx, len(changes))
}

// requests divides changes into those that fit into one request each.
func requests(changes []topicspec.Change) [][]topicspec.Change {
	var divided [][]topicspec.Change
	start, bytes := 0, 0
	for i, c := range changes {
		if size := sizeOf(c); i > start && (i-start == mostChanges || bytes+size > mostBytes) {
			divided = append(divided, changes[start:i])
			start, bytes = i, 0
		}
		bytes += sizeOf(c)
	}
	if start == len(changes) {
		return divided
	}
	return append(divided, changes[start:])
}

// sizeOf returns about how many bytes a change is in a request.
func sizeOf(c topicspec.Change) int {
	const overhead = 128 // lengths, codes, tags; salt and salted password of a credential
	size := overhead + len(c.Access.Principal) + len(c.Access.ClientID) + len(c.Field)
	if b := c.Access.Binding; b != nil {
		size += len(b.Name) + len(b.Host)
	}
	return size
}

// failed is the same answer for each of so many changes.
func failed(count int, err error) []error {
	answers := make([]error, count)
	for i := range answers {
		answers[i] = err
	}
	return answers
}

// leftOut is the answer to a change that the broker's answer does not mention.
func leftOut(c topicspec.Change) error { return &admin.LeftOutError{Item: c.Subject()} }
