package accessadmin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/acl"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// allow adds ACLs, and waits until every live broker shows them.
func (k *Keeper) allow(ctx context.Context, changes []topicspec.Change) []error {
	answers := k.deliver(ctx, changes, k.sendCreations)
	return k.settle(ctx, changes, answers, func(ctx context.Context, changes []topicspec.Change) []error {
		return k.shown(ctx, changes, "does not show it yet", true)
	})
}

// shown says of each ACL which live broker shows it, or does not.
func (k *Keeper) shown(ctx context.Context, changes []topicspec.Change, what string, want bool) []error {
	filter := filterFor(bindingsOf(changes))
	ask := func(ctx context.Context, id int32) (map[acl.Binding]bool, error) {
		bindings, err := k.client.ACLs(ctx, k.client.On(id), filter)
		set := make(map[acl.Binding]bool, len(bindings))
		for _, binding := range bindings {
			set[binding] = true
		}
		return set, err
	}
	return everyBroker(ctx, k, changes, ask, func(set map[acl.Binding]bool, c topicspec.Change) string {
		if set[*c.Access.Binding] == want {
			return ""
		}
		return what
	})
}

// filterFor asks for no more than the principal of bindings, where that is one.
func filterFor(bindings []acl.Binding) kafka.ACLFilter {
	principal := bindings[0].Principal
	if slices.ContainsFunc(bindings, func(b acl.Binding) bool { return b.Principal != principal }) {
		return kafka.ACLFilter{}
	}
	return kafka.ACLFilter{Principal: principal}
}

// sendCreations adds ACLs by one request.
func (k *Keeper) sendCreations(ctx context.Context, changes []topicspec.Change) []error {
	req := kmsg.NewPtrCreateACLsRequest()
	for _, b := range bindingsOf(changes) {
		req.Creations = append(req.Creations, kafka.ACLCreation(b))
	}
	resp, err := req.RequestWith(ctx, k.client.Any)
	if err != nil {
		return failed(len(changes), kafka.Wrap("create ACLs", err))
	}
	answers := make([]error, len(changes))
	for i := range changes {
		answers[i] = leftOut(changes[i])
		if i < len(resp.Results) {
			answers[i] = kafka.CodeError(kmsg.CreateACLs, "", resp.Results[i].ErrorCode, resp.Results[i].ErrorMessage)
		}
	}
	return answers
}

// sendDeletions removes ACLs by one request, each by a filter that matches no other. One that is not there is removed.
func (k *Keeper) sendDeletions(ctx context.Context, changes []topicspec.Change) []error {
	req := kmsg.NewPtrDeleteACLsRequest()
	for _, b := range bindingsOf(changes) {
		req.Filters = append(req.Filters, kafka.ACLDeletion(b))
	}
	resp, err := req.RequestWith(ctx, k.client.Any)
	if err != nil {
		return failed(len(changes), kafka.Wrap("delete ACLs", err))
	}
	answers := make([]error, len(changes))
	for i := range changes {
		if i >= len(resp.Results) {
			answers[i] = leftOut(changes[i])
			continue
		}
		answers[i] = kafka.CodeError(kmsg.DeleteACLs, "", resp.Results[i].ErrorCode, resp.Results[i].ErrorMessage)
		for _, matched := range resp.Results[i].MatchingACLs {
			if answers[i] == nil {
				answers[i] = kafka.CodeError(kmsg.DeleteACLs, "", matched.ErrorCode, matched.ErrorMessage)
			}
		}
	}
	return answers
}

// revoke removes ACLs, and waits until no live broker shows them. Where kafkactl has no right to alter the cluster any more
// then, it was not who it took itself for: it gives back what it took, as far as it may, and fails.
func (k *Keeper) revoke(ctx context.Context, changes []topicspec.Change) []error {
	before, err := k.rights(ctx)
	if err != nil {
		return failed(len(changes), err)
	}
	answers := k.deliver(ctx, changes, k.sendDeletions)
	answers = k.settle(ctx, changes, answers, func(ctx context.Context, changes []topicspec.Change) []error {
		return k.shown(ctx, changes, "still shows it", false)
	})
	after, err := k.rights(ctx)
	if err != nil || !before.has(acl.Alter) || after.has(acl.Alter) {
		return answers
	}
	return k.giveBack(ctx, changes)
}

// LockedOutError says that kafkactl took its own rights away, as its principal is not the one that it took itself for.
type LockedOutError struct {
	// Lost is what could not be given back; nothing when all is there again.
	Lost []acl.Binding
	// Cause is why it could not.
	Cause error
}

// Error says what holds now.
func (e *LockedOutError) Error() string {
	const text = "kafkactl lost Alter on the cluster by these removals: it is not the principal that it takes itself for; "
	if len(e.Lost) == 0 {
		return text + "the ACLs were added again"
	}
	return fmt.Sprintf("%s%d of the ACLs could not be added again: %v", text, len(e.Lost), e.Cause)
}

// Unwrap returns the cause.
func (e *LockedOutError) Unwrap() error { return e.Cause }

// Hint returns the command lines that give back what was lost.
func (e *LockedOutError) Hint() string {
	if len(e.Lost) == 0 {
		return "kafkactl whoami shows who it is to the brokers; have access.protect name that principal"
	}
	lines := make([]string, len(e.Lost))
	for i, b := range e.Lost {
		lines[i] = b.Command()
	}
	return "an administrator adds them: " + strings.Join(lines, "; ")
}

// giveBack adds ACLs that were removed.
func (k *Keeper) giveBack(ctx context.Context, changes []topicspec.Change) []error {
	locked := &LockedOutError{}
	for i, err := range k.deliver(ctx, changes, k.sendCreations) {
		if err != nil {
			locked.Lost, locked.Cause = append(locked.Lost, *changes[i].Access.Binding), err
		}
	}
	return failed(len(changes), locked)
}
