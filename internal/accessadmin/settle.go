package accessadmin

import (
	"context"

	"kafkactl/internal/admin"
	"kafkactl/internal/topicspec"
)

// look says of each change why a broker does not show it yet, nil when all live brokers do.
type look func(ctx context.Context, changes []topicspec.Change) []error

// settle waits until every live broker shows the changes that were made: brokers learn of them one after another, up to
// some hundred milliseconds later. The answers to changes that were not made stay.
func (k *Keeper) settle(ctx context.Context, changes []topicspec.Change, answers []error, look look) []error {
	var made []int
	for i, err := range answers {
		if err == nil {
			made = append(made, i)
		}
	}
	if len(made) == 0 {
		return answers
	}
	shown := admin.Repeat{
		Ask: func(ctx context.Context, pending []int) []error {
			return look(ctx, topicspec.At(topicspec.At(changes, made), pending))
		},
		Passes: mayHeal,
		Waits:  func(item int, err error) { k.report(changes[made[item]].Subject() + ": " + err.Error()) },
	}.Until(ctx, len(made))
	for i, err := range shown {
		answers[made[i]] = err
	}
	return answers
}

// mayHeal reports whether the next look may be better.
func mayHeal(err error) bool { return err != nil && admin.MayHeal(err) }

// everyBroker asks all live brokers, and says of each change which broker does not show it. shows returns nil for a change
// that the value of a broker has.
func everyBroker[T any](ctx context.Context, k *Keeper, changes []topicspec.Change,
	ask func(ctx context.Context, id int32) (T, error), shows func(T, topicspec.Change) (what string),
) []error {
	live, err := k.live(ctx)
	if err != nil {
		return failed(len(changes), err)
	}
	missing := make([]error, len(changes))
	for _, at := range askAll(ctx, live, ask) {
		if at.Err != nil {
			return failed(len(changes), at.Err)
		}
		for i, c := range changes {
			if what := shows(at.Value, c); what != "" && missing[i] == nil {
				missing[i] = &admin.UnsettledError{Broker: at.Name, What: what}
			}
		}
	}
	return missing
}
