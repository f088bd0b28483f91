package accessadmin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// makeUsers writes credentials, and waits until every live broker lets the users log in with them. A password that is to
// be generated is in its file before.
func (k *Keeper) makeUsers(ctx context.Context, changes []topicspec.Change) []error {
	made, answers := make([]newUser, len(changes)), make([]error, len(changes))
	for i, c := range changes {
		made[i].login, answers[i] = k.newLogin(c)
	}
	together(len(changes), func(i int) {
		if iterations, _ := changes[i].After.(topicspec.Count); answers[i] == nil {
			made[i].upsertion, answers[i] = upsertion(made[i].login, int(iterations))
		}
	})
	users := make(map[topicspec.ChangeKey]newUser, len(changes))
	var ready []int
	for i, c := range changes {
		if answers[i] == nil {
			users[c.Key()], ready = made[i], append(ready, i)
			k.trials.forget(made[i].login)
		}
	}
	changes = topicspec.At(changes, ready)
	sent := k.alterUsers(ctx, changes, func(req *kmsg.AlterUserSCRAMCredentialsRequest, c topicspec.Change) {
		req.Upsertions = append(req.Upsertions, users[c.Key()].upsertion)
	})
	sent = k.settle(ctx, changes, sent, func(ctx context.Context, changes []topicspec.Change) []error {
		return k.taken(ctx, changes, users)
	})
	for i, err := range sent {
		answers[ready[i]] = err
	}
	return answers
}

// newUser is a credential that is written, and the login that it is for.
type newUser struct {
	login     login
	upsertion kmsg.AlterUserSCRAMCredentialsRequestUpsertion
}

// sourceOf returns where the password is that the user of a change shall have.
func (k *Keeper) sourceOf(c topicspec.Change) (topicspec.PasswordSource, error) {
	for _, s := range k.desired.Services {
		if s.Principal == c.Access.Principal && s.Scram != nil && !s.Absent {
			return s.Scram.Password, nil
		}
	}
	return topicspec.PasswordSource{}, fmt.Errorf("no service has %s", c.Subject())
}

// newLogin returns the login that the user of a change shall have. Its password is made when it is to be generated.
func (k *Keeper) newLogin(c topicspec.Change) (login, error) {
	l := login{user: c.Access.UserName(), mechanism: c.Field}
	source, err := k.sourceOf(c)
	if err == nil {
		l.password, err = k.secrets.make(l.user, source)
	}
	return l, err
}

// forgetUsers removes credentials, and waits until no live broker shows them. One that is not there is removed.
func (k *Keeper) forgetUsers(ctx context.Context, changes []topicspec.Change) []error {
	answers := k.alterUsers(ctx, changes, func(req *kmsg.AlterUserSCRAMCredentialsRequest, c topicspec.Change) {
		deletion := kmsg.NewAlterUserSCRAMCredentialsRequestDeletion()
		deletion.Name, deletion.Mechanism = c.Access.UserName(), mechanisms()[c.Field]
		req.Deletions = append(req.Deletions, deletion)
	})
	for i, err := range answers {
		if errors.Is(err, kerr.ResourceNotFound) {
			answers[i] = nil
		}
	}
	return k.settle(ctx, changes, answers, func(ctx context.Context, changes []topicspec.Change) []error {
		return k.described(ctx, changes, func(c topicspec.Change, users credentials) string {
			if _, there := users[c.Access.UserName()][c.Field]; there {
				return "still shows it"
			}
			return ""
		})
	})
}

// alterUsers has the brokers change credentials; add puts a change into a request. Each mechanism has requests of its own:
// a KRaft controller refuses to alter a user twice in one (DUPLICATE_RESOURCE), also two mechanisms of it.
func (k *Keeper) alterUsers(ctx context.Context, changes []topicspec.Change, add func(*kmsg.AlterUserSCRAMCredentialsRequest, topicspec.Change)) []error {
	byMechanism := make(map[string][]int)
	for i, c := range changes {
		byMechanism[c.Field] = append(byMechanism[c.Field], i)
	}
	answers := make([]error, len(changes))
	for _, mechanism := range slices.Sorted(maps.Keys(byMechanism)) {
		indexes := byMechanism[mechanism]
		sent := k.deliver(ctx, topicspec.At(changes, indexes), func(ctx context.Context, changes []topicspec.Change) []error {
			req := kmsg.NewPtrAlterUserSCRAMCredentialsRequest()
			for _, c := range changes {
				add(req, c)
			}
			return sendUsers(ctx, k, req, changes)
		})
		for i, err := range sent {
			answers[indexes[i]] = err
		}
	}
	return answers
}

// sendUsers sends a request in which each user is once.
func sendUsers(ctx context.Context, k *Keeper, req *kmsg.AlterUserSCRAMCredentialsRequest, changes []topicspec.Change) []error {
	resp, err := req.RequestWith(ctx, k.client.Any)
	if err != nil {
		return failed(len(changes), kafka.Wrap("alter users", err))
	}
	results := make(map[string]error, len(resp.Results))
	for _, r := range resp.Results {
		results[r.User] = kafka.CodeError(kmsg.AlterUserSCRAMCredentials, "", r.ErrorCode, r.ErrorMessage)
	}
	answers := make([]error, len(changes))
	for i, c := range changes {
		answer, answered := results[c.Access.UserName()]
		if answers[i] = answer; !answered {
			answers[i] = leftOut(c)
		}
	}
	return answers
}

// taken says of each credential which live broker does not take it yet. Where nobody can log in on this connection, the
// brokers must show it.
func (k *Keeper) taken(ctx context.Context, changes []topicspec.Change, users map[topicspec.ChangeKey]newUser) []error {
	missing := k.described(ctx, changes, func(c topicspec.Change, users credentials) string {
		iterations, _ := c.After.(topicspec.Count)
		if found, there := users[c.Access.UserName()][c.Field]; !there || found.Iterations != int(iterations) {
			return "does not show it yet"
		}
		return ""
	})
	if !k.config.Security.Protocol.HasSASL() {
		return missing
	}
	live, err := k.live(ctx)
	if err != nil {
		return failed(len(changes), err)
	}
	together(len(changes), func(i int) {
		for _, b := range live {
			if missing[i] == nil {
				missing[i] = k.refuses(ctx, b, users[changes[i].Key()].login)
			}
		}
	})
	return missing
}

// refuses returns why a broker does not let a user log in; nil also where its listener does not have the mechanism.
func (k *Keeper) refuses(ctx context.Context, b broker, l login) error {
	err := k.logIn(ctx, b, l)
	if errors.Is(err, kerr.UnsupportedSaslMechanism) {
		return nil
	}
	return err
}

// described asks all live brokers for the users of changes, and says of each change which broker does not show it as it
// shall be.
func (k *Keeper) described(ctx context.Context, changes []topicspec.Change, lacks func(topicspec.Change, credentials) string) []error {
	var names []string
	for _, c := range changes {
		names = append(names, c.Access.UserName())
	}
	slices.Sort(names)
	names = slices.Compact(names)
	ask := func(ctx context.Context, id int32) (credentials, error) {
		return describeUsers(ctx, k.client.On(id), names)
	}
	return everyBroker(ctx, k, changes, ask, func(users credentials, c topicspec.Change) string { return lacks(c, users) })
}
