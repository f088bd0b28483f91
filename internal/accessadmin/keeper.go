package accessadmin

import (
	"context"
	"fmt"
	"slices"

	"kafkactl/internal/access"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// Keeper plans and makes users, ACLs and quotas of one cluster: see [admin.AccessKeeper]. It is for one run of a command:
// what a trial login said is remembered.
type Keeper struct {
	config  kafka.Config // of the client, for logins of other users
	client  *kafka.Client
	desired topicspec.DesiredAccess
	secrets Secrets
	trials  *trials

	progress func(what string) // see WithProgress
}

// New returns a keeper that asks over c, which was dialled with config and stays the caller's to close.
func New(config kafka.Config, c *kafka.Client, desired topicspec.DesiredAccess, secrets Secrets) *Keeper {
	return &Keeper{config: config, client: c, desired: desired, secrets: secrets, trials: newTrials()}
}

// WithProgress returns the same keeper, which reports what it waits for: progress is called often, and from one goroutine
// at a time.
func (k *Keeper) WithProgress(progress func(what string)) *Keeper {
	reporting := *k
	reporting.progress = progress
	return &reporting
}

// Plan compares the file with what every live broker shows. It writes nothing, but logs in with the passwords of users
// that are there. The error is a [*PasswordError] for a password that nobody gave, and a [*kafka.DeniedError] for want of
// a right to look: it is not known then what differs.
func (k *Keeper) Plan(ctx context.Context, consent topicspec.Consent) ([]topicspec.Change, topicspec.AccessCompared, error) {
	if !k.desired.Managed() {
		d := access.Diff(k.desired, access.Observed{}, consent)
		return d.Changes, d.Compared, nil
	}
	seen, err := k.Observe(ctx)
	if err != nil {
		return nil, topicspec.AccessCompared{}, err
	}
	d := access.Diff(k.desired, seen.Observed, consent)
	notes := slices.Concat(seen.Notes, k.exposed(d.Changes, seen), d.Compared.Notes)
	if takesAway(d.Changes) && seen.OwnDoubt != "" {
		notes = append(notes, fmt.Sprintf("kafkactl takes itself for %s: %s of the brokers may make another of it", seen.Own, seen.OwnDoubt))
	}
	d.Compared.Notes = append([]string{}, notes...)
	return d.Changes, d.Compared, nil
}

func takesAway(changes []topicspec.Change) bool {
	return slices.ContainsFunc(changes, func(c topicspec.Change) bool { return c.Risk == topicspec.RiskRevoke })
}

// report says what is waited for.
func (k *Keeper) report(what string) {
	if k.progress != nil {
		k.progress(what)
	}
}
