package admin

import (
	"context"

	"kafkactl/internal/topicspec"
)

// AccessKeeper plans and makes the changes of users, ACLs and quotas, which are a part of the plan that topics have.
type AccessKeeper interface {
	// Plan compares what is declared with what every live broker shows. Removals that consent does not accept are
	// blocked, or only listed.
	Plan(ctx context.Context, consent topicspec.Consent) ([]topicspec.Change, topicspec.AccessCompared, error)
	// Validate has the brokers judge changes without making them, as far as they can, and checks that the client may
	// make them. The answers are in the order of the changes, nil for one that can be made.
	Validate(ctx context.Context, changes []topicspec.Change) []error
	// Make makes the changes of one stage, and returns once every live broker shows them. The answers are in the order
	// of the changes, nil for one that is made.
	Make(ctx context.Context, stage topicspec.Stage, changes []topicspec.Change) []error
}

// WithAccess returns the same client, which plans and makes what k says beside topics.
func (c *Client) WithAccess(k AccessKeeper) *Client {
	keeping := *c
	keeping.access = k
	return &keeping
}
