package accessadmin

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strconv"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/internal/access"
	"kafkactl/internal/admin"
	"kafkactl/internal/kafka"
)

// Observation is what the brokers answer about access.
type Observation struct {
	access.Observed
	// OwnDoubt is the setting of the brokers that may make another principal of Own, "" when it is sure.
	OwnDoubt string
	// Notes says what is not known, and of which broker.
	Notes []string

	live []broker
}

// broker is one that the cluster lists as alive.
type broker struct {
	kafka.Broker
	addr string // host:port, where clients of our listener reach it
}

// Observe asks every live broker for its ACLs, and one for credentials, quotas and who kafkactl is. See [Keeper.Plan] for
// errors.
func (k *Keeper) Observe(ctx context.Context) (Observation, error) {
	passwords, err := k.passwords()
	if err != nil {
		return Observation{}, err
	}
	var seen Observation
	if seen.live, err = k.live(ctx); err != nil {
		return Observation{}, err
	}
	var asking sync.WaitGroup
	var errs [4]error
	asking.Go(func() { errs[0] = k.observeBindings(ctx, &seen) })
	asking.Go(func() { errs[1] = k.observeOwn(ctx, &seen) })
	asking.Go(func() { errs[2] = k.observeUsers(ctx, &seen, passwords) })
	asking.Go(func() { errs[3] = k.observeQuotas(ctx, &seen) })
	asking.Wait()
	for _, err := range errs {
		if err != nil {
			return Observation{}, err
		}
	}
	return seen, nil
}

// ObserveAll asks every live broker for its ACLs, and one for all users with a SCRAM credential and for the quotas of all
// users, whoever they belong to. Nobody logs in, and who kafkactl is, is not asked. Brokers without an authorizer are asked
// for nothing else. The error is a [*kafka.DeniedError] for want of a right to look.
func ObserveAll(ctx context.Context, c *kafka.Client) (Observation, error) {
	k := &Keeper{client: c}
	var seen Observation
	var err error
	if seen.live, err = k.live(ctx); err != nil {
		return Observation{}, err
	}
	if err := k.observeBindings(ctx, &seen); err != nil || seen.NoAuthorizer {
		return seen, err
	}
	var asking sync.WaitGroup
	var errs [2]error
	asking.Go(func() { seen.Users, errs[0] = k.users(ctx, seen.live, nil) })
	asking.Go(func() { seen.Quotas, errs[1] = askOne(ctx, k, seen.live, describeQuotas) })
	asking.Wait()
	return seen, cmp.Or(errs[0], errs[1])
}

// live returns the brokers that the cluster lists as alive, by id.
func (k *Keeper) live(ctx context.Context) ([]broker, error) {
	ctx, cancel := context.WithTimeout(ctx, kafka.AnswerTimeout)
	defer cancel()
	meta, err := k.client.AnyMetadata(ctx, []string{})
	if err != nil {
		return nil, &kafka.UnansweredError{What: err.Error(), Cause: err}
	}
	if len(meta.Brokers) == 0 {
		return nil, &kafka.UnansweredError{What: kafka.NoBroker}
	}
	var found []broker
	for _, b := range kafka.SortedBrokers(meta) {
		found = append(found, broker{kafka.BrokerOf(b), net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port)))})
	}
	return found, nil
}

// observeOwn fills in who kafkactl is to the brokers.
func (k *Keeper) observeOwn(ctx context.Context, seen *Observation) error {
	me, err := admin.New(k.client).WhoAmI(ctx, k.config.Security, nil)
	seen.Own, seen.OwnDoubt = me.Principal.Name, me.Principal.Doubt
	return err
}

// askOne asks the brokers one after another until one answers. A refusal is an answer.
func askOne[T any](ctx context.Context, k *Keeper, live []broker, ask func(ctx context.Context, of kmsg.Requestor) (T, error)) (T, error) {
	var last kafka.Answer[T]
	for _, b := range live {
		last = askAll(ctx, []broker{b}, func(ctx context.Context, id int32) (T, error) { return ask(ctx, k.client.On(id)) })[0]
		if last.Err == nil || isRefusal(last.Err) || ctx.Err() != nil {
			break
		}
	}
	return last.Value, last.Err
}

// askAll asks brokers at the same time. The answers are in their order.
func askAll[T any](ctx context.Context, live []broker, ask func(ctx context.Context, id int32) (T, error)) []kafka.Answer[T] {
	brokers := make([]kafka.Broker, len(live))
	for i, b := range live {
		brokers[i] = b.Broker
	}
	answers := kafka.AskEachFor(ctx, kafka.AnswerTimeout, brokers, ask)
	for i, a := range answers {
		answers[i].Err = named(a)
	}
	return answers
}

// named returns the error of an answer, with the name of a broker that did not answer.
func named[T any](a kafka.Answer[T]) error {
	if a.Err == nil || isRefusal(a.Err) {
		return a.Err
	}
	what := "does not answer"
	if !errors.Is(a.Err, context.DeadlineExceeded) {
		what = a.What()
	}
	return &admin.UnsettledError{Broker: a.Name, What: what, Cause: a.Err}
}

// isRefusal reports whether a broker has decided: the same question has the same answer later.
func isRefusal(err error) bool {
	return errors.As(err, new(*kafka.BrokerError)) && !admin.MayPass(err) || kafka.NotOffered(err)
}
