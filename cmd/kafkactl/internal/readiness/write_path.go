package readiness

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/accessadmin"
	"kafkactl/internal/admin"
	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
	"kafkactl/internal/topicspec"
)

// writePath is rung K6: the brokers accept the plan. It keeps the last plan that they accepted. A
// call may be given up while it runs, so calls can overlap.
type writePath struct {
	desired []topicspec.Desired
	// reviewed is the plan that was made before, nil where one is made now.
	reviewed *topicspec.Reviewed
	// patient waits for brokers to join when there are too few for a topic: the rungs
	// below have seen enough of them.
	patient bool

	mu       sync.Mutex
	client   *admin.Client
	accepted admin.Planned
}

// asking returns the client that the plan is asked with.
func (p *writePath) asking() *admin.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.client
}

// leaveAccess has later calls look at topics alone: users, ACLs and quotas were made, and every broker showed them.
func (p *writePath) leaveAccess() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.client = p.client.WithAccess(nil)
}

func (p *writePath) plan() admin.Planned {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted
}

func newWritePath(client *admin.Client, desired []topicspec.Desired, minBrokers int) *writePath {
	needed, _ := topicspec.BrokersNeeded(desired)
	return &writePath{client: client, desired: desired, patient: minBrokers >= needed}
}

// ask plans, and has the brokers validate the plan. What more brokers could heal is waited for if
// the path is patient; any other refusal is permanent.
func (p *writePath) ask(ctx context.Context) (evidence string, err error) {
	client := p.asking()
	plan, err := p.planned(ctx, client)
	var held *admin.QuotaError
	if err == nil {
		held, err = client.Judge(ctx, plan.Plan)
	}
	var refused *admin.RefusedError
	switch {
	case err == nil:
		p.mu.Lock()
		defer p.mu.Unlock()
		p.accepted = plan
		evidence = fmt.Sprintf("the brokers accept the plan: %s", term.Count(len(plan.Changes), "change"))
		if held != nil {
			return evidence, health.Degraded(held)
		}
		return evidence, nil
	case errors.As(err, &refused):
		if p.patient && refused.MayHeal() {
			return "", &refusal{refused}
		}
		return "", health.Permanent(&refusal{refused})
	case errors.As(err, new(*admin.StaleError)), errors.As(err, new(*admin.OtherClusterError)), errors.As(err, new(*accessadmin.PasswordError)):
		return "", health.Permanent(err)
	default:
		return unlessRefused("", err, "")
	}
}

// planned returns a plan made now, or what is left of the reviewed one.
func (p *writePath) planned(ctx context.Context, client *admin.Client) (admin.Planned, error) {
	if p.reviewed != nil {
		return client.PlanReviewed(ctx, *p.reviewed)
	}
	return client.Plan(ctx, p.desired)
}

// refusal is a refused plan with the brokers' words about its first refused change, which fit the
// one line of a rung.
type refusal struct{ *admin.RefusedError }

func (e *refusal) Unwrap() error { return e.RefusedError }

func (e *refusal) Error() string {
	change, err := e.First()
	return fmt.Sprintf("%v: %v", e.RefusedError, withSubject(change.Subject(), err))
}

// Hint returns the next step: what to grant, where a right is missing, else to change the file.
func (e *refusal) Hint() string {
	if hint := cli.HintOf(e.RefusedError); hint != "" {
		return hint
	}
	return "change the topics file as the brokers say: kafkactl plan shows every refusal"
}

// WithTopic puts the topic before what a broker said about it, unless that names it already.
func WithTopic(topic string, err error) error {
	return withSubject(fmt.Sprintf("topic %q", topic), err)
}

// withSubject puts what a change is about before what is said about it, unless that names it already.
func withSubject(subject string, err error) error {
	if errors.As(err, new(*kafka.DeniedError)) {
		return err
	}
	return fmt.Errorf("%s: %w", subject, err)
}
